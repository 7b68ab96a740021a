import type { E2bFault, E2bOperation } from '@sandport/fakes';
import { always, describeFaults, once, sixTimes, thrice } from './describe-faults.ts';
import type { FaultCase } from './use-once.ts';

type Row = readonly [name: string, fault: E2bFault, expected: string, howOften?: typeof always];

const creating: readonly Row[] = [
  ['a slow answer', { kind: 'latency', delayMs: 700 }, 'completed'],
  ['a hanging call that did nothing', { kind: 'hang' }, 'completed'],
  ['a hanging call that made one', { kind: 'hang', when: 'after-work' }, 'completed'],
  ['a connection cut before', { kind: 'cut', when: 'before-work' }, 'completed'],
  ['a connection cut after', { kind: 'cut', when: 'after-work' }, 'completed'],
  ['half an answer', { kind: 'cut', when: 'in-answer' }, 'completed'],
  ['an answer that is too late', { kind: 'late-answer' }, 'completed'],
  ['a call done twice', { kind: 'duplicate' }, 'completed'],
  ['a sandbox that comes late', { kind: 'slow-creation', delayMs: 900 }, 'completed'],
  ['a sandbox that comes too late', { kind: 'slow-creation', delayMs: 4500 }, 'completed'],
  ['a page of HTML', { kind: 'status', status: 502, body: 'html' }, 'completed'],
  ['a page of HTML after it was made', { kind: 'status', status: 502, body: 'html', afterWork: true }, 'completed'],
  ['an empty failure after it was made', { kind: 'status', status: 504, body: 'empty', afterWork: true }, 'completed'],
  ['a failure inside', { kind: 'status', status: 500 }, 'completed'],
  ['a failure inside after it was made', { kind: 'status', status: 500, afterWork: true }, 'completed'],
  ['a failure inside for ever', { kind: 'status', status: 500 }, 'PROVIDER_UNAVAILABLE failed', always],
  ['429 without a time', { kind: 'status', status: 429 }, 'completed'],
  ['429 with a time in seconds', { kind: 'status', status: 429, retryAfter: { seconds: 1 } }, 'completed'],
  ['429 with a date', { kind: 'status', status: 429, retryAfter: { dateInMs: 1500 } }, 'completed'],
  ['429 for ever', { kind: 'status', status: 429 }, 'RATE_LIMITED throttled', always],
  ['no room', { kind: 'status', status: 503, errorCode: 'sandbox_capacity_unavailable' }, 'completed'],
  ['no room for ever', { kind: 'status', status: 503, errorCode: 'sandbox_capacity_unavailable' }, 'CAPACITY_EXHAUSTED capacity', always],
  ['a page that asks to log in', { kind: 'foreign-body' }, 'completed'],
  ['a page that asks to log in for ever', { kind: 'foreign-body' }, 'RESPONSE_INVALID unreadable', always],
  ['JSON that ends early', { kind: 'invalid-json' }, 'completed'],
  ['a daemon of no version', { kind: 'bad-envd-version', value: 'missing' }, 'completed', always],
  ['a daemon of a version that cannot be read', { kind: 'bad-envd-version', value: 'garbage' }, 'completed', always],
  ['a daemon that is too old', { kind: 'bad-envd-version', value: 'too-old' }, 'completed', always],
  ['a token that is missing', { kind: 'missing-token' }, 'AUTHENTICATION_FAILED key-refused', always],
  ['a key that was revoked', { kind: 'refused-key', reason: 'revoked' }, 'AUTHENTICATION_FAILED key-refused', always],
  ['a key that has expired', { kind: 'refused-key', reason: 'expired' }, 'AUTHENTICATION_FAILED key-refused', always],
  ['a template that is not known', { kind: 'status', status: 404 }, 'CONFIG_INVALID no-such-thing', always],
  ['a lifetime that is refused', { kind: 'status', status: 400 }, 'CONFIG_INVALID request-refused', always],
  ['a right that is missing', { kind: 'status', status: 403 }, 'AUTHENTICATION_FAILED forbidden', always],
];

/** Each dialect with one of the ways: what goes wrong while a sandbox is made concerns the dialect. */
const pairs = [
  { dialect: 'v2', way: 'commands' },
  { dialect: 'v1', way: 'code-interpreter' },
] as const;

const making = pairs.flatMap(({ dialect, way }) =>
  creating.map(([name, fault, expected, howOften = once]): FaultCase => ({
    phase: 'making',
    name: `${dialect}: ${name}`,
    rules: [howOften('CreateSandbox', fault)],
    expected,
    fake: { dialects: [dialect] },
    config: { dialect, way },
  })),
);

/** Whether the connection breaks first or a gateway speaks first is chance. */
const GONE = 'PROVIDER_UNAVAILABLE unreachable|PROVIDER_UNAVAILABLE failed';

/** What else a sandbox takes, by each way: the list that is looked for what was left, the time that is put off, our supervisor that is brought in. */
const preparing: readonly FaultCase[] = [
  ...rowsOf('the list', { way: 'commands' }, [
    ['ListSandboxes', 'a failure for ever', { kind: 'status', status: 500, body: 'html' }, 'completed', always],
    ['ListSandboxes', 'no answer', { kind: 'hang' }, 'completed', always],
  ]),
  ...rowsOf('the time', { way: 'commands' }, [
    ['SetTimeout', 'a cut connection', { kind: 'cut', when: 'after-work' }, 'completed'],
    ['SetTimeout', 'a failure for ever', { kind: 'status', status: 500 }, 'completed', always],
    ['SetTimeout', 'a page of HTML', { kind: 'status', status: 404, body: 'html' }, 'completed', always],
    ['SetTimeout', 'a sandbox that is said to be gone', { kind: 'false-gone' }, 'completed'],
    ['SetTimeout', 'a sandbox that is gone', { kind: 'vanish', when: 'before-work' }, GONE],
  ]),
  ...rowsOf('the command', { way: 'commands' }, [
    ['StartProcess', 'a slow answer', { kind: 'latency', delayMs: 500 }, 'completed'],
    ['StartProcess', 'a connection cut before', { kind: 'cut', when: 'before-work' }, 'completed'],
    ['StartProcess', 'a connection cut in the answer', { kind: 'cut', when: 'in-answer' }, 'completed'],
    ['StartProcess', 'a start that is done twice', { kind: 'duplicate' }, 'completed'],
    ['StartProcess', 'a page of HTML', { kind: 'status', status: 502, body: 'html' }, 'completed'],
    ['StartProcess', 'a failure that the protocol knows', { kind: 'status', status: 503, body: 'connect' }, 'completed'],
    ['StartProcess', '429', { kind: 'status', status: 429, body: 'connect', retryAfter: { seconds: 1 } }, 'completed'],
    ['StartProcess', 'a page that asks to log in', { kind: 'foreign-body' }, 'completed'],
    ['StartProcess', 'JSON that ends early', { kind: 'invalid-json' }, 'completed'],
    ['StartProcess', 'a token that is refused', { kind: 'refused-key', reason: 'revoked' }, 'AUTHENTICATION_FAILED key-refused', always],
    ['StartProcess', 'a sandbox that is said to be gone', { kind: 'false-gone' }, 'completed'],
    ['StartProcess', 'a sandbox that is gone', { kind: 'vanish', when: 'before-work' }, GONE],
    ['StartProcess', 'a sandbox that ends meanwhile', { kind: 'vanish', when: 'during-work', delayMs: 30 }, GONE],
    ['SendInput', 'a connection cut after', { kind: 'cut', when: 'after-work' }, 'completed'],
    ['SendInput', 'an input that is sent twice', { kind: 'duplicate' }, 'completed'],
    ['SendInput', 'a failure after it arrived', { kind: 'status', status: 500, body: 'connect', afterWork: true }, 'completed'],
  ]),
  ...rowsOf('the interpreter', { way: 'code-interpreter' }, [
    ['CheckInterpreterHealth', 'a port that opens late', { kind: 'status', status: 502 }, 'completed', thrice],
    ['CheckInterpreterHealth', 'a cut connection', { kind: 'cut', when: 'before-work' }, 'completed'],
    ['CheckInterpreterHealth', 'a sandbox that is said to be gone', { kind: 'false-gone' }, 'completed'],
    ['CheckInterpreterHealth', 'an access that is refused', { kind: 'status', status: 403 }, 'AUTHENTICATION_FAILED forbidden', always],
    ['ExecuteCode', 'a slow answer', { kind: 'latency', delayMs: 500 }, 'completed'],
    ['ExecuteCode', 'a connection cut before', { kind: 'cut', when: 'before-work' }, 'completed'],
    ['ExecuteCode', 'a connection cut after', { kind: 'cut', when: 'after-work' }, 'completed'],
    ['ExecuteCode', 'a connection cut in the answer', { kind: 'cut', when: 'in-answer' }, 'completed'],
    ['ExecuteCode', 'a start that is done twice', { kind: 'duplicate' }, 'completed'],
    ['ExecuteCode', 'a page of HTML', { kind: 'status', status: 502, body: 'html' }, 'completed'],
    ['ExecuteCode', 'a page that asks to log in', { kind: 'foreign-body' }, 'completed'],
    ['ExecuteCode', 'JSON that ends early', { kind: 'invalid-json' }, 'completed'],
    ['ExecuteCode', 'an end that nobody tells of', { kind: 'no-end-of-execution' }, 'completed'],
    ['ExecuteCode', 'a token that is refused', { kind: 'refused-key', reason: 'revoked' }, 'AUTHENTICATION_FAILED key-refused', always],
    ['ExecuteCode', 'a sandbox that is gone', { kind: 'vanish', when: 'before-work' }, GONE],
    ['ExecuteCode', 'a sandbox that ends meanwhile', { kind: 'vanish', when: 'during-work' }, GONE],
  ]),
];

const killing: readonly Row[] = [
  ['is cut before', { kind: 'cut', when: 'before-work' }, 'completed'],
  ['has its answer lost', { kind: 'cut', when: 'after-work' }, 'completed'],
  ['hangs', { kind: 'hang' }, 'completed'],
  ['is done twice', { kind: 'duplicate' }, 'completed'],
  ['is asked to wait', { kind: 'status', status: 429, retryAfter: { seconds: 1 } }, 'completed'],
  ['fails', { kind: 'status', status: 503, body: 'html' }, 'completed', thrice],
  ['fails for longer than it is tried', { kind: 'status', status: 503 }, 'completed', sixTimes],
  ['fails after it was done', { kind: 'status', status: 500, afterWork: true }, 'completed'],
  ['collides', { kind: 'status', status: 409 }, 'completed'],
  ['is ignored', { kind: 'ignored-kill' }, 'completed'],
  ['is said to concern nothing', { kind: 'false-gone' }, 'completed'],
  ['is answered by a page that asks to log in', { kind: 'foreign-body' }, 'completed'],
];

const ending = killing.map(([name, fault, expected, howOften = once]): FaultCase => ({
  phase: 'ending',
  name: `an end that ${name}`,
  rules: [howOften('KillSandbox', fault)],
  expected,
  config: { way: 'commands' },
}));

describeFaults('faults while a sandbox is made, and while it is ended', [...making, ...preparing, ...ending]);

function rowsOf(of: string, config: object, rows: readonly (readonly [E2bOperation, ...Row])[]): FaultCase[] {
  return rows.map(([operation, name, fault, expected, howOften = once]) => ({
    phase: 'making',
    name: `${of}: ${operation} with ${name}`,
    rules: [howOften(operation, fault)],
    expected,
    config,
  }));
}
