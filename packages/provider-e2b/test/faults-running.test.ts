import type { E2bFault, E2bOperation } from '@sandport/fakes';
import { always, describeFaults, once, thrice } from './describe-faults.ts';
import type { FaultCase } from './use-once.ts';

type Row = readonly [name: string, fault: E2bFault, expected: string, howOften?: typeof always];

/** The request that carries what we say: into the process that hands it on, or to the interpreter that does. */
const carriers = { commands: 'SendInput', 'code-interpreter': 'ExecuteCode' } as const satisfies Record<string, E2bOperation>;

/** The answer that carries what we hear. */
const streams = { commands: 'StartProcess', 'code-interpreter': 'ExecuteCode' } as const satisfies Record<string, E2bOperation>;

const ways = ['commands', 'code-interpreter'] as const;

const carrying: readonly Row[] = [
  ['a slow exchange', { kind: 'latency', delayMs: 150 }, 'completed', always],
  ['a connection cut before', { kind: 'cut', when: 'before-work' }, 'completed'],
  ['a connection cut after it started the program', { kind: 'cut', when: 'after-work' }, 'completed'],
  ['half an answer', { kind: 'cut', when: 'in-answer' }, 'completed'],
  ['three exchanges cut after each other', { kind: 'cut', when: 'after-work' }, 'completed', thrice],
  ['every exchange done twice', { kind: 'duplicate' }, 'completed', always],
  ['an answer that is late', { kind: 'late-answer', maxDelayMs: 3000 }, 'completed'],
  ['429 without a time', { kind: 'status', status: 429 }, 'completed'],
  ['429 with a time in seconds', { kind: 'status', status: 429, retryAfter: { seconds: 1 } }, 'completed'],
  ['429 with a date', { kind: 'status', status: 429, retryAfter: { dateInMs: 1500 } }, 'completed'],
  ['a failure that the protocol knows', { kind: 'status', status: 503, body: 'connect' }, 'completed'],
  ['a failure inside', { kind: 'status', status: 500 }, 'completed'],
  ['a page of HTML', { kind: 'status', status: 502, body: 'html' }, 'completed'],
  ['a page of HTML after it started the program', { kind: 'status', status: 502, body: 'html', afterWork: true }, 'completed'],
  ['an empty failure after it started the program', { kind: 'status', status: 504, body: 'empty', afterWork: true }, 'completed'],
  ['a page that asks to log in', { kind: 'foreign-body' }, 'completed'],
  ['JSON that ends early', { kind: 'invalid-json' }, 'completed'],
  ['a sandbox that is said to be gone', { kind: 'false-gone' }, 'completed'],
  ['a sandbox that is said to be gone, again and again', { kind: 'false-gone' }, 'completed', thrice],
  ['a failure for ever', { kind: 'status', status: 503, body: 'html' }, 'PROVIDER_UNAVAILABLE', always],
  ['a token that is refused for ever', { kind: 'refused-key', reason: 'revoked' }, 'PROVIDER_UNAVAILABLE', always],
  ['a sandbox that has gone before', { kind: 'vanish', when: 'before-work' }, 'PROVIDER_UNAVAILABLE|killed'],
  ['a sandbox that goes at once', { kind: 'vanish', when: 'during-work' }, 'PROVIDER_UNAVAILABLE|killed'],
  ['a sandbox that goes meanwhile', { kind: 'vanish', when: 'during-work', delayMs: 150 }, 'PROVIDER_UNAVAILABLE|killed'],
];

/** Some of the bytes at which a stream may end: in the first frame, in what boot.py says, in what a program does. */
const ENDS = [3, 150, 900, 1700] as const;

const streaming: readonly Row[] = [
  ...ENDS.flatMap((afterBytes): Row[] => [
    [`an answer that is reset after ${afterBytes} bytes`, { kind: 'stream-cut', as: 'reset', afterBytes }, 'completed', thrice],
    [`an answer that ends after ${afterBytes} bytes`, { kind: 'stream-cut', as: 'clean-end', afterBytes }, 'completed', thrice],
  ]),
  ['an answer that is reset after some time', { kind: 'stream-cut', as: 'reset', afterMs: 450 }, 'completed', thrice],
  ['an answer that ends after some time', { kind: 'stream-cut', as: 'clean-end', afterMs: 450 }, 'completed', thrice],
  ['an answer in pieces of one byte', { kind: 'split-body', pieceBytes: 1 }, 'completed', always],
  ['an answer in pieces of five bytes', { kind: 'split-body', pieceBytes: 5 }, 'completed', always],
  ['output in pieces of seven bytes', { kind: 'split-output', pieceBytes: 7 }, 'completed', always],
  ['no signs of life', { kind: 'no-keepalives' }, 'completed', always],
];

const cases: readonly FaultCase[] = ways.flatMap((way) => [
  ...carrying.map(([name, fault, expected, howOften = once]): FaultCase => ({
    phase: 'running',
    name: `${way}: ${name}`,
    rules: [howOften(carriers[way], fault)],
    expected,
    config: { way },
  })),
  ...streaming.map(([name, fault, expected, howOften = once]): FaultCase => ({
    phase: 'making',
    name: `${way}: ${name}`,
    rules: [howOften(streams[way], fault)],
    expected,
    config: { way },
  })),
]);

const withoutKeepAlives: readonly FaultCase[] = ways.map((way) => ({
  phase: 'making',
  name: `${way}: an end that nobody tells of, and no last frame`,
  rules: [
    once(streams[way], { kind: 'no-end-of-execution' }),
    once(streams[way], { kind: 'no-end-frame' }),
    once(streams[way], { kind: 'blank-line' }),
  ],
  expected: 'completed',
  config: { way },
}));

describeFaults('faults while a program runs', [...cases, ...withoutKeepAlives]);
