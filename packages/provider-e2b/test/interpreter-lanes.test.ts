import { startFakeE2b, type E2bFaultRule, type FakeE2b } from '@sandport/fakes';
import { describe, expect, test } from 'vitest';
import { createE2bProvider } from '../src/index.ts';
import { once, thrice } from './describe-faults.ts';
import { configOf } from './fake-service.ts';

const HELLO = 'def main():\n    return "hello"\n';

/** Whatever it is about the second interpreter, which is there so that a call can be withdrawn while another waits. */
const faults: readonly (readonly [string, readonly E2bFaultRule[]])[] = [
  ['nothing', []],
  ['a failure', [once('CreateContext', { kind: 'status', status: 500 })]],
  [
    'two failures',
    [once('CreateContext', { kind: 'status', status: 502, body: 'html' }), once('CreateContext', { kind: 'cut', when: 'before-work' })],
  ],
  ['a cut connection', [once('CreateContext', { kind: 'cut', when: 'after-work' })]],
  ['half an answer', [once('CreateContext', { kind: 'cut', when: 'in-answer' })]],
  ['an interpreter that is made twice', [once('CreateContext', { kind: 'duplicate' })]],
  ['an answer that cannot be read', [once('CreateContext', { kind: 'invalid-json' })]],
  ['a page that asks to log in', [thrice('CreateContext', { kind: 'foreign-body' })]],
  [
    'an interpreter that nobody knows any more',
    [{ match: { operation: 'ExecuteCode' }, after: 2, times: 1, fault: { kind: 'status', status: 404 } }],
  ],
];

interface Cancellation {
  readonly status: unknown;
  /** What the sandbox was good for afterwards: a value, or the code of an error. */
  readonly next: unknown;
}

async function cancelOnce(fake: FakeE2b, rules: readonly E2bFaultRule[]): Promise<Cancellation> {
  for (const rule of rules) fake.faults.add(rule);
  await using provider = createE2bProvider(configOf(fake, { way: 'code-interpreter' }));
  await using sandbox = await provider.createSandbox({ language: 'python' });
  const cancelling = new AbortController();
  const { status } = await sandbox.execute(
    {
      code: 'import time\nprint("on", flush=True)\ntime.sleep(60)\n',
      // Meanwhile an exchange waits for what the program says next.
      onOutput: () => void setTimeout(() => cancelling.abort(), 1500),
    },
    { signal: cancelling.signal },
  );
  fake.faults.clear();
  const next = sandbox.execute({ code: HELLO }).then(
    (result) => (result.status === 'completed' ? result.value : result),
    (error: unknown) => Reflect.get(Object(error), 'code') as unknown,
  );
  return { status, next: await next };
}

describe.concurrent('a call that is withdrawn through interpreters', { timeout: 60_000 }, () => {
  test.each(faults)('ends its program with %s', async (_name, rules) => {
    await using fake = await startFakeE2b();
    const { status, next } = await cancelOnce(fake, rules);
    expect(status).toBe('cancelled');
    // A program that cannot be ended in time is ended with its sandbox.
    expect(rules.length === 0 ? ['hello'] : ['hello', 'SANDBOX_CLOSED']).toContain(next);
    expect(fake.requests.some(({ operation }) => operation === 'CreateContext')).toBe(true);
    expect(fake.requests.some((request) => request.faults.length > 0)).toBe(rules.length > 0);
    expect(fake.sandboxes()).toEqual([]);
  });
});
