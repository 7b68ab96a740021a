import { SandboxError, type ExecutionResult } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { failureOf } from './failure-of.ts';
import type { fakeDefinition, FakeBehaviour } from './fake-provider.ts';
import { twoProviders } from './test-client.ts';

const LISTED = { 'sandbox.fallback': '["two"]' };

/** A provider that fails after the program may have started. */
const failsLate = (code: 'PROVIDER_UNAVAILABLE' | 'REQUEST_INVALID' | 'CANCELLED' = 'PROVIDER_UNAVAILABLE'): FakeBehaviour => ({
  execute: () => Promise.reject(new SandboxError(code, 'lost')),
});

async function* inPieces(): AsyncGenerator<string> {
  yield await Promise.resolve('a');
}

const runsOf = ({ log }: ReturnType<typeof fakeDefinition>) => log.events.filter((event) => event.startsWith('execute'));

describe('a program that may have started', () => {
  test('is started nowhere else when its provider fails, and the error tells the way', async () => {
    const { client, one, two } = twoProviders(LISTED, { one: failsLate() });
    const error = await failureOf(client.execute({ code: 'p' }));
    expect(error.code).toBe('PROVIDER_UNAVAILABLE');
    expect(error.details).toMatchObject({ route: { steps: [{ providerId: 'one', outcome: 'failed', code: 'PROVIDER_UNAVAILABLE' }] } });
    expect([runsOf(one), runsOf(two)]).toEqual([['execute p'], []]);
    expect(one.log.events.at(-1)).toBe('destroy first');
  });

  test('is started elsewhere when its caller marked it repeatable', async () => {
    const { client, one, two } = twoProviders(LISTED, { one: failsLate() });
    const result = await client.execute({ code: 'p', repeatable: true });
    expect(result.providerId).toBe('two');
    expect(result.route.steps).toMatchObject([
      { providerId: 'one', outcome: 'failed', code: 'PROVIDER_UNAVAILABLE' },
      { providerId: 'two', outcome: 'used' },
    ]);
    expect([runsOf(one), runsOf(two)]).toEqual([['execute p'], ['execute p']]);
    expect(one.log.events.at(-1)).toBe('destroy first');
  });

  test('is not repeated without a stored list, however it is marked', async () => {
    const { client, one, two } = twoProviders({}, { one: failsLate() });
    expect((await failureOf(client.execute({ code: 'p', repeatable: true }))).details).toBeUndefined();
    expect([runsOf(one), runsOf(two)]).toEqual([['execute p'], []]);
  });

  test.each(['REQUEST_INVALID', 'CANCELLED'] as const)('is not repeated for %s', async (code) => {
    const { client, two } = twoProviders(LISTED, { one: failsLate(code) });
    expect((await failureOf(client.execute({ code: 'p', repeatable: true }))).code).toBe(code);
    expect(runsOf(two)).toEqual([]);
  });

  test('is not repeated for what its own caller threw', async () => {
    const failure = new RangeError('the listener');
    const { client, two } = twoProviders(LISTED, { one: { execute: () => Promise.reject(failure) } });
    await expect(client.execute({ code: 'p', repeatable: true })).rejects.toBe(failure);
    expect(runsOf(two)).toEqual([]);
  });

  test.each(['killed', 'timed-out', 'out-of-memory', 'cancelled'] as const)('is not repeated for the result %s', async (status) => {
    const facts: Partial<ExecutionResult> = { status };
    const { client, one, two } = twoProviders(LISTED, { one: { result: facts } });
    const result = await client.execute({ code: 'p', repeatable: true });
    expect([result.status, result.route.steps]).toEqual([status, [{ providerId: 'one', outcome: 'used' }]]);
    expect([runsOf(one), runsOf(two)]).toEqual([['execute p'], []]);
  });
});

describe('repeatable', () => {
  test.each([
    ['is refused for a program that reads a stream', { code: 'p', repeatable: true, stdin: inPieces() }],
    ['is refused when it is neither true nor false', { code: 'p', repeatable: 'yes' as unknown as boolean }],
  ])('%s', async (_, request) => {
    const { client, settings } = twoProviders(LISTED);
    const error = await failureOf(client.execute(request));
    expect([error.code, error.details, settings.readCount]).toEqual(['REQUEST_INVALID', { field: 'repeatable' }, 0]);
  });
});
