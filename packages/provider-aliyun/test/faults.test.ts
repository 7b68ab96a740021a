import { Buffer } from 'node:buffer';
import { SandboxError, type ExecutionResult, type SandboxProvider } from '@sandport/core';
import { startFakeAgentRun, type AgentRunFaultRule, type FakeAgentRun, type FakeAgentRunOptions } from '@sandport/fakes';
import { describe, expect, test } from 'vitest';
import { createAliyunProvider } from '../src/index.ts';
import { configOf } from './fake-account.ts';

/** Longer than any deadline of ours with one hanging call in it. */
const SETTLED_WITHIN_MS = 40_000;

/** Leaves a trace of each start. A program that is run twice leaves two. */
const CODE =
  'import time\nwith open("runs", "a") as file:\n    file.write("x")\nprint("ran", flush=True)\ntime.sleep(0.3)\ndef main(a):\n    return a + 1\n';

interface FaultCase {
  readonly name: string;
  /** `making`: in force while a sandbox is made. `running`: from then on until the result is there. `ending`: while it is ended. */
  readonly phase: 'making' | 'running' | 'ending';
  readonly rule: AgentRunFaultRule;
  /** What the call comes to: a status, or a code and perhaps a reason. */
  readonly expected: string;
  readonly fake?: FakeAgentRunOptions;
  readonly config?: object;
}

const once = (
  operation: NonNullable<AgentRunFaultRule['match']>['operation'],
  fault: AgentRunFaultRule['fault'],
  plane?: 'control' | 'data',
): AgentRunFaultRule => ({
  match: { ...(operation === undefined ? {} : { operation }), ...(plane === undefined ? {} : { plane }) },
  times: 1,
  fault,
});
const always = (
  operation: NonNullable<AgentRunFaultRule['match']>['operation'],
  fault: AgentRunFaultRule['fault'],
  plane?: 'control' | 'data',
): AgentRunFaultRule => ({
  match: { ...(operation === undefined ? {} : { operation }), ...(plane === undefined ? {} : { plane }) },
  fault,
});

const making: readonly [string, AgentRunFaultRule, string][] = [
  ['a slow answer', once('CreateSandbox', { kind: 'latency', delayMs: 700 }), 'completed'],
  ['a hanging call that did nothing', once('CreateSandbox', { kind: 'hang' }), 'completed'],
  ['a hanging call that made one', once('CreateSandbox', { kind: 'hang', when: 'after-work' }), 'completed'],
  ['a connection cut before', once('CreateSandbox', { kind: 'cut', when: 'before-work' }), 'completed'],
  ['a connection cut after', once('CreateSandbox', { kind: 'cut', when: 'after-work' }), 'completed'],
  ['half an answer', once('CreateSandbox', { kind: 'cut', when: 'in-answer' }), 'completed'],
  ['a late answer', once('CreateSandbox', { kind: 'late-answer' }), 'completed'],
  ['a call done twice', once('CreateSandbox', { kind: 'duplicate' }), 'completed'],
  ['a page of HTML', once('CreateSandbox', { kind: 'status', status: 502, body: 'html' }), 'completed'],
  ['a page of HTML after it was made', once('CreateSandbox', { kind: 'status', status: 502, body: 'html', afterWork: true }), 'completed'],
  ['a failure inside', once('CreateSandbox', { kind: 'status', status: 500 }), 'completed'],
  ['429 without a time', once('CreateSandbox', { kind: 'status', status: 429 }), 'completed'],
  ['503 for ever', always('CreateSandbox', { kind: 'status', status: 503, body: 'text' }), 'PROVIDER_UNAVAILABLE unreadable'],
  ['429 for ever', always('CreateSandbox', { kind: 'status', status: 429, code: 'Throttling.User' }), 'RATE_LIMITED throttled'],
  ['an exhausted quota', always('CreateSandbox', { kind: 'status', status: 403, code: 'QuotaExceeded.Instance' }), 'QUOTA_EXCEEDED quota'],
  ['an expired token', always('CreateSandbox', { kind: 'expired-token' }), 'AUTHENTICATION_FAILED token-expired'],
  ['a name that is taken (409)', once('CreateSandbox', { kind: 'already-exists' }), 'completed'],
  ['a name that is taken (500)', once('CreateSandbox', { kind: 'already-exists', status: 500 }), 'completed'],
  ['a name that is taken (400)', once('CreateSandbox', { kind: 'already-exists', status: 400 }), 'PROVIDER_UNAVAILABLE refused'],
  ['a failure in an answer of 200', once('CreateSandbox', { kind: 'in-band-failure' }), 'completed'],
  ['JSON that ends early', once('CreateSandbox', { kind: 'invalid-json' }), 'completed'],
  ['an empty answer', once('CreateSandbox', { kind: 'empty-answer' }), 'completed'],
  ['a sandbox that comes late', once('CreateSandbox', { kind: 'slow-creation', delayMs: 600 }), 'completed'],
  ['a sandbox that fails', once('CreateSandbox', { kind: 'failed-creation' }), 'PROVIDER_UNAVAILABLE'],
  [
    'a clock that is off on the control plane',
    always(undefined, { kind: 'clock-offset', offsetMs: 3_600_000 }, 'control'),
    'AUTHENTICATION_FAILED clock-skew',
  ],
  [
    'a clock that is off on the data plane',
    always(undefined, { kind: 'clock-offset', offsetMs: 3_600_000 }, 'data'),
    'AUTHENTICATION_FAILED data-refused',
  ],
  ['a template that comes late', once('CreateTemplate', { kind: 'slow-creation', delayMs: 600 }), 'completed'],
  ['a template that fails', always('CreateTemplate', { kind: 'failed-creation' }), 'RUNTIME_MISSING template-failed'],
  ['a race for the template', once('CreateTemplate', { kind: 'duplicate' }), 'completed'],
  ['a template that is taken', once('CreateTemplate', { kind: 'already-exists' }), 'completed'],
  ['a template whose answer is lost', once('CreateTemplate', { kind: 'cut', when: 'after-work' }), 'completed'],
  ['a template that cannot be read', once('GetTemplate', { kind: 'invalid-json' }), 'completed'],
  ['a health that is not yet good', { ...once('CheckHealth', { kind: 'health-starting' }), times: 3 }, 'completed'],
  ['a health that cannot be asked for', once('CheckHealth', { kind: 'status', status: 502, body: 'html' }), 'completed'],
  ['a health without an envelope', always('CheckHealth', { kind: 'envelope', shape: 'bare' }), 'completed'],
  ['an upload that is cut', once('UploadFile', { kind: 'cut', when: 'after-work' }), 'completed'],
  ['a start whose answer is lost', once('RunCommand', { kind: 'cut', when: 'after-work' }), 'completed'],
  ['a start that is done twice', once('RunCommand', { kind: 'duplicate' }), 'completed'],
  ['a start in another published shape', always('RunCommand', { kind: 'other-shape' }), 'completed'],
  [
    'a sandbox that vanishes before its health',
    once('CheckHealth', { kind: 'vanish', when: 'before-work' }),
    'PROVIDER_UNAVAILABLE not-found',
  ],
];

const running: readonly [string, AgentRunFaultRule, string][] = [
  ['a slow exchange', always('RunCommand', { kind: 'latency', delayMs: 150 }), 'completed'],
  ['a hanging exchange that did nothing', once('RunCommand', { kind: 'hang' }), 'completed'],
  ['a hanging exchange that started the program', once('RunCommand', { kind: 'hang', when: 'after-work' }), 'completed'],
  ['an exchange cut before', once('RunCommand', { kind: 'cut', when: 'before-work' }), 'completed'],
  ['an exchange cut after it started the program', once('RunCommand', { kind: 'cut', when: 'after-work' }), 'completed'],
  ['half an answer', once('RunCommand', { kind: 'cut', when: 'in-answer' }), 'completed'],
  ['each second exchange cut', { ...always('RunCommand', { kind: 'cut', when: 'after-work' }), times: 2 }, 'completed'],
  ['a late answer', once('RunCommand', { kind: 'late-answer', maxDelayMs: 3000 }), 'completed'],
  ['every exchange done twice', always('RunCommand', { kind: 'duplicate' }), 'completed'],
  ['429 with a time in seconds', once('RunCommand', { kind: 'status', status: 429, retryAfter: { seconds: 1 } }), 'completed'],
  ['429 with a date', once('RunCommand', { kind: 'status', status: 429, retryAfter: { dateInMs: 1500 } }), 'completed'],
  ['a page of HTML', once('RunCommand', { kind: 'status', status: 502, body: 'html' }), 'completed'],
  [
    'a page of HTML after it started the program',
    once('RunCommand', { kind: 'status', status: 502, body: 'html', afterWork: true }),
    'completed',
  ],
  ['an empty failure', once('RunCommand', { kind: 'status', status: 504, body: 'empty', afterWork: true }), 'completed'],
  ['a failure for ever', always('RunCommand', { kind: 'status', status: 503 }), 'PROVIDER_UNAVAILABLE'],
  ['an expired token', always('RunCommand', { kind: 'expired-token' }), 'PROVIDER_UNAVAILABLE'],
  ['an error in the other shape', once('RunCommand', { kind: 'nested-error' }), 'completed'],
  ['JSON that ends early', once('RunCommand', { kind: 'invalid-json' }), 'completed'],
  ['an empty answer', once('RunCommand', { kind: 'empty-answer' }), 'completed'],
  ['a sandbox that is gone', once('RunCommand', { kind: 'vanish', when: 'before-work' }), 'PROVIDER_UNAVAILABLE'],
  [
    'a sandbox that ends meanwhile, said so',
    once('RunCommand', { kind: 'vanish', when: 'during-work', delayMs: 200 }),
    'PROVIDER_UNAVAILABLE|killed',
  ],
  [
    'a sandbox that ends meanwhile, by the gateway',
    once('RunCommand', { kind: 'vanish', when: 'during-work', delayMs: 200, answer: 'bad-gateway' }),
    'PROVIDER_UNAVAILABLE|killed',
  ],
  [
    'a sandbox that ends meanwhile, cut',
    once('RunCommand', { kind: 'vanish', when: 'during-work', delayMs: 200, answer: 'cut' }),
    'PROVIDER_UNAVAILABLE|killed',
  ],
];

const ending: readonly [string, AgentRunFaultRule, string][] = [
  ['a deletion that is cut before', once('DeleteSandbox', { kind: 'cut', when: 'before-work' }), 'completed'],
  ['a deletion whose answer is lost', once('DeleteSandbox', { kind: 'cut', when: 'after-work' }), 'completed'],
  ['a deletion that is done twice', once('DeleteSandbox', { kind: 'duplicate' }), 'completed'],
  ['a deletion that fails in an answer of 200', once('DeleteSandbox', { kind: 'in-band-failure' }), 'completed'],
  ['a deletion that is asked to wait', once('DeleteSandbox', { kind: 'status', status: 429 }), 'completed'],
  ['a deletion that fails', { ...always('DeleteSandbox', { kind: 'status', status: 503, body: 'html' }), times: 5 }, 'completed'],
  ['a deletion without an answer', once('DeleteSandbox', { kind: 'empty-answer' }), 'completed'],
  ['a deletion whose answer cannot be read', once('DeleteSandbox', { kind: 'invalid-json' }), 'completed'],
];

const kernel: readonly [string, AgentRunFaultRule, string][] = [
  ['an answer that does not say how it ended', always('ExecuteCode', { kind: 'no-end-of-execution' }), 'completed'],
  ['output in pieces', always('ExecuteCode', { kind: 'output-in-pieces' }), 'completed'],
  ['a value as data', always('ExecuteCode', { kind: 'result-data' }), 'completed'],
  ['an execution that is cut', once('ExecuteCode', { kind: 'cut', when: 'after-work' }), 'completed'],
  ['a context that is made twice', once('CreateContext', { kind: 'duplicate' }), 'completed'],
  ['a gateway whose patience ends', once('ExecuteCode', { kind: 'status', status: 504, body: 'html', afterWork: true }), 'completed'],
  ['an execution that the service is tired of', once('ExecuteCode', { kind: 'status', status: 408 }), 'completed'],
];

const cases: readonly FaultCase[] = [
  ...making.map(([name, rule, expected]): FaultCase => ({ phase: 'making', name, rule, expected })),
  ...running.map(([name, rule, expected]): FaultCase => ({ phase: 'running', name, rule, expected })),
  ...ending.map(([name, rule, expected]): FaultCase => ({ phase: 'ending', name, rule, expected })),
  ...kernel.map(([name, rule, expected]): FaultCase => ({
    phase: 'making',
    name: `through the kernel: ${name}`,
    rule,
    expected,
    config: { carrier: 'kernel' },
  })),
];

describe.concurrent('faults of the service', { timeout: SETTLED_WITHIN_MS + 20_000 }, () => {
  test.each(cases)('$phase: $name gives $expected', async ({ phase, rule, expected, config }) => {
    await using fake = await startFakeAgentRun();
    const provider = createAliyunProvider(configOf(fake, { queueTimeoutMs: 60_000, ...config }));
    const beganAt = performance.now();
    const runs: string[] = [];
    const outcome = await outcomeOf(() => useOnce(fake, provider, { phase, rule, runs }));
    expect(performance.now() - beganAt).toBeLessThan(SETTLED_WITHIN_MS);
    expect(expected.split('|')).toContain(outcome);
    await provider.close();
    expect(fake.sandboxes().filter(({ status }) => status !== 'TERMINATED')).toEqual([]);
    // Where the sandbox is still there to be asked, the program has left its trace once.
    expect(runs).toEqual(outcome === 'completed' ? ['x'] : []);
    expect(fake.requests.some(({ faults }) => faults.length > 0)).toBe(true);
  });
});

async function useOnce(
  fake: FakeAgentRun,
  provider: SandboxProvider,
  { phase, rule, runs }: Pick<FaultCase, 'phase' | 'rule'> & { readonly runs: string[] },
): Promise<ExecutionResult> {
  if (phase === 'making') fake.faults.add(rule);
  const sandbox = await provider.createSandbox({ language: 'python' });
  try {
    if (phase === 'running') fake.faults.add(rule);
    const result = await sandbox.execute({ code: CODE, arguments: { a: 1 }, limits: { timeoutMs: 30_000 } });
    fake.faults.clear();
    if (result.status === 'completed') {
      expect(result).toMatchObject({ value: 2, stdout: 'ran\n', stderr: '' });
      runs.push(Buffer.from(await sandbox.readFile('runs')).toString());
    }
    return result;
  } finally {
    if (phase === 'ending') fake.faults.add(rule);
    await sandbox.destroy();
  }
}

async function outcomeOf(call: () => Promise<ExecutionResult>): Promise<string> {
  try {
    return (await call()).status;
  } catch (error) {
    if (!SandboxError.isInstance(error)) throw error;
    const reason = error.details?.['reason'];
    return typeof reason === 'string' ? `${error.code} ${reason}` : error.code;
  }
}
