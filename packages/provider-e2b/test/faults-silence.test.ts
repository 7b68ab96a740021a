import type { FaultCase } from './use-once.ts';
import { always, describeFaults, once } from './describe-faults.ts';

/** Where nothing comes, only deadlines of ours end the waiting: these tests wait, and compute next to nothing. */
const cases: readonly FaultCase[] = [
  {
    phase: 'making',
    name: 'commands: a start that has no answer',
    rules: [once('StartProcess', { kind: 'hang' })],
    expected: 'completed',
  },
  {
    phase: 'making',
    name: 'commands: a start that has no answer but was carried out',
    rules: [once('StartProcess', { kind: 'hang', when: 'after-work' })],
    expected: 'completed',
  },
  {
    phase: 'making',
    name: 'commands: a stream that stays silent',
    rules: [once('StartProcess', { kind: 'silent' })],
    expected: 'completed',
  },
  {
    phase: 'running',
    name: 'commands: an input that has no answer',
    rules: [once('SendInput', { kind: 'hang' })],
    expected: 'completed',
  },
  {
    phase: 'running',
    name: 'commands: an input that has no answer but arrived',
    rules: [once('SendInput', { kind: 'hang', when: 'after-work' })],
    expected: 'completed',
  },
  {
    phase: 'running',
    name: 'commands: an input that breaks, and a new stream that stays silent',
    rules: [once('SendInput', { kind: 'cut', when: 'before-work' }), once('StartProcess', { kind: 'silent' })],
    expected: 'completed',
  },
  ...(['making', 'running'] as const).flatMap((phase): FaultCase[] => [
    {
      phase,
      name: 'code-interpreter: code that has no answer',
      rules: [once('ExecuteCode', { kind: 'hang' })],
      expected: 'completed',
      config: { way: 'code-interpreter' },
    },
    {
      phase,
      name: 'code-interpreter: code that has no answer but ran',
      rules: [once('ExecuteCode', { kind: 'hang', when: 'after-work' })],
      expected: 'completed',
      config: { way: 'code-interpreter' },
    },
    {
      phase,
      name: 'code-interpreter: a stream that stays silent',
      rules: [once('ExecuteCode', { kind: 'silent' })],
      expected: 'completed',
      config: { way: 'code-interpreter' },
    },
  ]),
  {
    phase: 'making',
    name: 'code-interpreter: a port that never opens',
    rules: [always('CheckInterpreterHealth', { kind: 'status', status: 502 })],
    expected: 'RUNTIME_MISSING no-interpreter',
    config: { way: 'code-interpreter' },
  },
  {
    phase: 'making',
    name: 'code-interpreter: a question for its health that has no answer',
    rules: [once('CheckInterpreterHealth', { kind: 'hang' })],
    expected: 'completed',
    config: { way: 'code-interpreter' },
  },
  {
    phase: 'ending',
    name: 'an end that is never heard of',
    rules: [once('KillSandbox', { kind: 'late-answer', maxDelayMs: 20_000 })],
    expected: 'completed',
  },
];

describeFaults(
  'faults in which nothing comes',
  cases.map((fault) => ({ ...fault, config: { way: 'commands', ...fault.config } })),
);
