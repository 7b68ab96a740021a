import { startFakeE2b, type E2bFault, type E2bFaultRule, type E2bOperation, type FakeE2b } from '@sandport/fakes';
import { Sandbox } from 'e2b';
import { describe, expect, test } from 'vitest';
import { ourControl } from './our-interpreter.ts';
import { ONE_RUN, runOnce } from './our-run.ts';
import { connectionTo, failureOf } from './vendor-call.ts';

const on = (operation: E2bOperation, fault: E2bFault, times: number): E2bFaultRule => ({ match: { operation }, times, fault });
const countOf = (fake: FakeE2b, operation: E2bOperation): number =>
  fake.requests.filter((request) => request.operation === operation).length;

const passing: readonly (readonly [string, E2bFault])[] = [
  ['429 with a date', { kind: 'status', status: 429, retryAfter: { dateInMs: 1000 } }],
  ['429 without a time', { kind: 'status', status: 429 }],
  ['503 with a time', { kind: 'status', status: 503, retryAfter: { seconds: 0 } }],
  ['502', { kind: 'status', status: 502, body: 'html' }],
  ['a reset', { kind: 'cut', when: 'before-work' }],
];

describe.concurrent('a creation that would succeed at the next attempt', () => {
  test('the SDK makes one at 429 with whole seconds, and with nothing else', async () => {
    await using fake = await startFakeE2b();
    fake.faults.add(on('CreateSandbox', { kind: 'status', status: 429, retryAfter: { seconds: 0 } }, 3));
    await Sandbox.create('base', connectionTo(fake));
    expect(countOf(fake, 'CreateSandbox')).toBe(4);
  });

  test.each(passing)('the SDK makes none at %s', async (_, fault) => {
    await using fake = await startFakeE2b();
    fake.faults.add(on('CreateSandbox', fault, 1));
    await failureOf(Sandbox.create('base', connectionTo(fake)));
    expect(countOf(fake, 'CreateSandbox')).toBe(1);
    expect(fake.sandboxes()).toEqual([]);
  });

  test.each(passing)('ours makes one at %s, and no second sandbox', async (_, fault) => {
    await using fake = await startFakeE2b();
    expect(await runOnce(fake, { making: [on('CreateSandbox', fault, 2)] })).toEqual(ONE_RUN);
    expect(countOf(fake, 'CreateSandbox')).toBe(3);
  });

  test('the SDK leaves what a lost answer has made', async () => {
    await using fake = await startFakeE2b();
    fake.faults.add(on('CreateSandbox', { kind: 'cut', when: 'after-work' }, 1));
    expect(await failureOf(Sandbox.create('base', connectionTo(fake)))).toMatchObject({ name: 'TypeError' });
    expect(fake.sandboxes()).toHaveLength(1);
  });

  test('ours ends what a lost answer has made before it makes another', async () => {
    await using fake = await startFakeE2b();
    expect(await runOnce(fake, { making: [on('CreateSandbox', { kind: 'cut', when: 'after-work' }, 1)] })).toEqual(ONE_RUN);
    const calls = fake.requests
      .map(({ operation }) => operation)
      .filter((operation) => operation === 'CreateSandbox' || operation === 'KillSandbox');
    expect(calls).toEqual(['CreateSandbox', 'KillSandbox', 'CreateSandbox', 'KillSandbox']);
  });
});

describe.concurrent('how long the service asks to wait', () => {
  test.each([
    [{ seconds: 3 }, 3000, 3000],
    [{ dateInMs: 60_000 }, 50_000, 60_000],
  ] as const)('ours understands %o', async (retryAfter, least, most) => {
    await using fake = await startFakeE2b();
    for (const status of [429, 503]) {
      fake.faults.clear();
      fake.faults.add(on('GetSandbox', { kind: 'status', status, retryAfter }, 1));
      const failure = await failureOf(ourControl(fake).getSandbox('isomething'));
      expect(failure).toMatchObject({ facts: { status, retryAfterMs: expect.any(Number) as unknown } });
      const { retryAfterMs } = Reflect.get(failure, 'facts') as { readonly retryAfterMs: number };
      expect(retryAfterMs).toBeGreaterThanOrEqual(least);
      expect(retryAfterMs).toBeLessThanOrEqual(most);
    }
  });
});

describe.concurrent('calls inside of a sandbox, which the SDK never repeats', () => {
  const faults: readonly (readonly [string, E2bFault])[] = [
    ['429 with a time', { kind: 'status', status: 429, retryAfter: { seconds: 0 } }],
    ['503', { kind: 'status', status: 503, body: 'text' }],
    ['a failure after the work', { kind: 'status', status: 502, body: 'html', afterWork: true }],
    ['a reset before the work', { kind: 'cut', when: 'before-work' }],
    ['a reset after the work', { kind: 'cut', when: 'after-work' }],
    ['half an answer', { kind: 'cut', when: 'in-answer' }],
    ['work that is done twice', { kind: 'duplicate' }],
  ];

  test.each(faults.slice(0, 2))('the SDK gives up at %s', async (_, fault) => {
    await using fake = await startFakeE2b();
    const sandbox = await Sandbox.create('base', connectionTo(fake));
    fake.faults.add(on('StartProcess', fault, 1));
    await failureOf(sandbox.commands.run('true'));
    expect(countOf(fake, 'StartProcess')).toBe(1);
  });

  const places = [
    { way: 'commands', operation: 'SendInput' },
    { way: 'code-interpreter', operation: 'ExecuteCode' },
  ] as const;
  const cases = places.flatMap((place) => faults.map(([name, fault]) => ({ ...place, name, fault })));
  test.each(cases)('ours repeats them and starts the program once: $name of $operation', async ({ way, operation, fault }) => {
    await using fake = await startFakeE2b();
    expect(await runOnce(fake, { config: { way }, running: [on(operation, fault, 2)] })).toEqual(ONE_RUN);
  });
});
