import { inspect } from 'node:util';
import { SandboxError, type SandboxErrorCode } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import type { RouteStep } from '../src/index.ts';
import { failureOf } from './failure-of.ts';
import type { FakeBehaviour } from './fake-provider.ts';
import { MADE_AT_MS, passportRow } from './passport-row.ts';
import { labelOf, twoProviders } from './test-client.ts';

const LISTED = { 'sandbox.fallback': '["two"]' };
const USED_TWO: RouteStep = { providerId: 'two', outcome: 'used' };

const GO_ON: readonly SandboxErrorCode[] = [
  'PROVIDER_UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'AUTHENTICATION_FAILED',
  'RATE_LIMITED',
  'QUOTA_EXCEEDED',
  'RUNTIME_MISSING',
  'ISOLATION_MISMATCH',
  'CAPACITY_EXHAUSTED',
  'RESPONSE_INVALID',
];

/** A provider that makes no sandbox. */
function failing(code: SandboxErrorCode): FakeBehaviour {
  return { createSandbox: () => Promise.reject(new SandboxError(code, `The fake fails with ${code}.`)) };
}

const stepsOf = (error: SandboxError): unknown => {
  const route = error.details?.['route'];
  return typeof route === 'object' && route !== null && 'steps' in route ? route['steps'] : undefined;
};

describe('a provider that makes no sandbox', () => {
  test.each(GO_ON)('for %s is followed by the next of the list, and the result says so', async (code) => {
    const { client } = twoProviders({ ...LISTED, 'sandbox.version': '{"number":4}' }, { one: failing(code) });
    const result = await client.execute({ code: 'p' });
    expect(result).toMatchObject({ status: 'completed', providerId: 'two', value: { label: 'second' } });
    expect(result.route).toEqual({
      configurationVersion: 4,
      steps: [{ providerId: 'one', outcome: 'failed', code, reason: `The fake fails with ${code}.` }, USED_TWO],
    });
  });

  test.each(['REQUEST_INVALID', 'CANCELLED', 'POLICY_VIOLATED', 'SANDBOX_CLOSED', 'INTERNAL'] as const)(
    'for %s ends the call at once',
    async (code) => {
      const { client, two } = twoProviders(LISTED, { one: failing(code) });
      expect((await failureOf(client.execute({ code: 'p' }))).code).toBe(code);
      expect(two.log.events).toEqual([]);
    },
  );

  test('for something that is no failure of ours ends the call with that very thing', async () => {
    const bug = new TypeError('bug');
    const { client, two } = twoProviders(LISTED, { one: { createSandbox: () => Promise.reject(bug) } });
    await expect(client.execute({ code: 'p' })).rejects.toBe(bug);
    expect(two.log.events).toEqual([]);
  });

  test('is not followed by anything where no list is stored, and throws its very error', async () => {
    const failure = new SandboxError('PROVIDER_UNAVAILABLE', 'gone');
    const { client, two } = twoProviders({}, { one: { createSandbox: () => Promise.reject(failure) } });
    for (let index = 0; index < 10; index += 1) expect(await failureOf(client.execute({ code: 'p' }))).toBe(failure);
    expect(two.log.events).toEqual([]);
  });

  test('as the last of the list throws its own error with the whole way', async () => {
    const { client } = twoProviders(LISTED, { one: failing('RATE_LIMITED'), two: failing('QUOTA_EXCEEDED') });
    const error = await failureOf(client.execute({ code: 'p' }));
    expect([error.code, error.cause]).toMatchObject(['QUOTA_EXCEEDED', { code: 'QUOTA_EXCEEDED' }]);
    expect(stepsOf(error)).toMatchObject([
      { providerId: 'one', outcome: 'failed', code: 'RATE_LIMITED' },
      { providerId: 'two', outcome: 'failed', code: 'QUOTA_EXCEEDED' },
    ]);
    expect(JSON.parse(JSON.stringify(error.details))).toEqual(error.details);
  });

  test('leaves the next one only the rest of the time that the call may wait', async () => {
    const { client, two } = twoProviders(LISTED, {
      one: {
        createSandbox: async () => {
          await new Promise((resolve) => setTimeout(resolve, 30));
          throw new SandboxError('CAPACITY_EXHAUSTED', 'full');
        },
      },
    });
    await client.execute({ code: 'p', maxWaitMs: 500 });
    const maxWaitMs = two.log.providers[0]?.sandboxes[0]?.options.maxWaitMs ?? Number.NaN;
    expect(maxWaitMs).toBeGreaterThanOrEqual(0);
    expect(maxWaitMs).toBeLessThanOrEqual(475);
  });

  test('is followed for a sandbox to keep too, which says where it is', async () => {
    const { client } = twoProviders(LISTED, { one: failing('PROVIDER_UNAVAILABLE'), two: { executionsPerSandbox: 'many' } });
    const sandbox = await client.createSandbox({ language: 'python' });
    expect([sandbox.providerId, sandbox.route.steps.at(-1)]).toEqual(['two', USED_TWO]);
    expect((await sandbox.execute({ code: 'p' })).route).toEqual(sandbox.route);
    const taken = await client.connectSandbox('fake-sandbox', { providerId: 'two' });
    expect(taken.providerId).toBe('two');
    expect((await client.connectSandbox('fake-sandbox')).providerId).toBe('one');
  });

  test('connectSandbox refuses a provider that calls may not go to', async () => {
    const error = await failureOf(twoProviders().client.connectSandbox('fake-sandbox', { providerId: 'two' }));
    expect([error.code, error.details]).toEqual(['REQUEST_INVALID', { field: 'providerId' }]);
  });
});

describe('a provider that cannot be asked is passed over', () => {
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, FakeBehaviour, SandboxErrorCode])[] = [
    ['a broken configuration', { 'sandbox.one': '{' }, {}, 'CONFIG_INVALID'],
    ['a configuration that breaks its schema', { 'sandbox.one': '{"workers":0}' }, {}, 'CONFIG_INVALID'],
    ['an id that nobody carries', { 'sandbox.provider_type': 'three' }, {}, 'PROVIDER_UNKNOWN'],
    ['a language that it does not run', {}, { capabilities: { languages: ['javascript'] } }, 'LANGUAGE_UNSUPPORTED'],
    ['a time above its maximum', {}, { capabilities: { maxima: { timeoutMs: 10 } } }, 'REQUEST_INVALID'],
  ];

  test.each(cases)('for %s', async (_, rows, one, code) => {
    const { client } = twoProviders({ ...LISTED, ...rows }, { one });
    const { providerId, route } = await client.execute({ code: 'p' });
    expect([providerId, route.steps]).toMatchObject(['two', [{ outcome: 'skipped', code }, USED_TWO]]);
    expect(route.steps[0]?.reason).toBeDefined();
  });

  test('for a factory that refuses', async () => {
    const refuse = () => {
      throw new SandboxError('CONFIG_INVALID', 'The key does not fit the certificate.');
    };
    const { client } = twoProviders(LISTED, { one: { create: refuse } });
    expect((await client.execute({ code: 'p' })).route.steps).toMatchObject([{ outcome: 'skipped', code: 'CONFIG_INVALID' }, USED_TWO]);
  });

  test('for a row that is not stored', async () => {
    const { client, settings } = twoProviders(LISTED);
    settings.rows.delete('sandbox.one');
    expect((await client.execute({ code: 'p' })).route.steps).toMatchObject([{ outcome: 'skipped', code: 'CONFIG_MISSING' }, USED_TWO]);
  });

  test('for a policy that its passport does not meet', async () => {
    const { client } = twoProviders(
      { ...LISTED, 'sandbox.policy': '{}', ...passportRow('two', { label: 'second' }) },
      {},
      { wallClock: () => MADE_AT_MS },
    );
    expect((await client.execute({ code: 'p' })).route.steps).toMatchObject([{ outcome: 'skipped', code: 'POLICY_VIOLATED' }, USED_TWO]);
  });

  test('and when nobody is left, the call fails with what kept it from the chosen one', async () => {
    const { client } = twoProviders({ 'sandbox.fallback': '["two","four"]', 'sandbox.policy': '{}' });
    const error = await failureOf(client.execute({ code: 'p' }));
    expect([error.code, error.providerId]).toEqual(['POLICY_VIOLATED', 'one']);
    expect(stepsOf(error)).toMatchObject([
      { providerId: 'one', outcome: 'skipped', code: 'POLICY_VIOLATED' },
      { providerId: 'two', outcome: 'skipped', code: 'POLICY_VIOLATED' },
      { providerId: 'four', outcome: 'skipped', code: 'PROVIDER_UNKNOWN' },
    ]);
  });

  test('and a text in the row of the chosen one that is no id is not told', async () => {
    const secret = 'sk-Pasted-By-Mistake';
    const { client } = twoProviders({ ...LISTED, 'sandbox.provider_type': secret });
    const result = await client.execute({ code: 'p' });
    expect(result.route.steps[0]).toMatchObject({ providerId: '(no id)', code: 'PROVIDER_UNKNOWN' });
    expect(inspect(result, { depth: Infinity })).not.toContain(secret);
  });

  test('without a list the error is that of the provider alone', async () => {
    const { client } = twoProviders({}, { one: { capabilities: { languages: ['javascript'] } } });
    const error = await failureOf(client.execute({ code: 'p' }));
    expect([error.code, error.details]).toEqual(['LANGUAGE_UNSUPPORTED', { field: 'language' }]);
  });
});

describe('the list', () => {
  test('names each provider once, the chosen one too', async () => {
    const { client, one } = twoProviders({ 'sandbox.fallback': '["one","two","two"]' }, { one: failing('RATE_LIMITED') });
    expect((await client.execute({ code: 'p' })).route.steps).toHaveLength(2);
    expect(one.log.events.filter((event) => event.startsWith('createSandbox'))).toHaveLength(1);
  });

  test('may be empty: then errors tell the way, and nothing else is asked', async () => {
    const { client } = twoProviders({ 'sandbox.fallback': '[]' }, { one: failing('RATE_LIMITED') });
    expect(stepsOf(await failureOf(client.execute({ code: 'p' })))).toMatchObject([{ providerId: 'one', code: 'RATE_LIMITED' }]);
  });

  test('keeps its providers open between calls, and a provider that left it is closed', async () => {
    const { client, settings, two } = twoProviders(LISTED, { one: failing('CAPACITY_EXHAUSTED') });
    await labelOf(client);
    await labelOf(client);
    expect(two.log.events.filter((event) => /^(create|close) /.test(event))).toEqual(['create second']);
    settings.set({ 'sandbox.fallback': '[]' });
    await client.refresh();
    expect(two.log.events.at(-1)).toBe('close second');
  });

  test('keeps its providers open also while the chosen one cannot be used', async () => {
    const { client, two } = twoProviders({ ...LISTED, 'sandbox.one': '{' });
    await labelOf(client);
    await labelOf(client);
    expect(two.log.events.filter((event) => /^(create|close) /.test(event))).toEqual(['create second']);
  });
});

describe('a provider that fails again and again', () => {
  test('is not asked for a while, and is used again when it is in order', async () => {
    let isBroken = true;
    const { client, one } = twoProviders(LISTED, {
      one: { createSandbox: () => (isBroken ? Promise.reject(new SandboxError('PROVIDER_UNAVAILABLE', 'gone')) : Promise.resolve()) },
    });
    for (let index = 0; index < 3; index += 1) await labelOf(client);
    const { route } = await client.execute({ code: 'p' });
    expect(route.steps).toMatchObject([{ providerId: 'one', outcome: 'skipped', code: 'PROVIDER_UNAVAILABLE' }, USED_TWO]);
    expect(route.steps[0]?.reason).toContain('3 times in a row (PROVIDER_UNAVAILABLE)');
    expect(one.log.events.filter((event) => event.startsWith('createSandbox'))).toHaveLength(3);
    isBroken = false;
    await expect.poll(() => labelOf(client), { timeout: 10_000, interval: 20 }).toBe('first');
  });

  test.each(['AUTHENTICATION_FAILED', 'QUOTA_EXCEEDED'] as const)('for %s is not asked a second time at once', async (code) => {
    const { client } = twoProviders(LISTED, { one: failing(code) });
    await labelOf(client);
    expect((await client.execute({ code: 'p' })).route.steps[0]).toMatchObject({ outcome: 'skipped' });
  });

  test('because it is full is asked each time', async () => {
    const { client } = twoProviders(LISTED, { one: failing('CAPACITY_EXHAUSTED') });
    for (let index = 0; index < 6; index += 1)
      expect((await client.execute({ code: 'p' })).route.steps[0]).toMatchObject({ outcome: 'failed', code: 'CAPACITY_EXHAUSTED' });
  });

  test('throws when to call again when nobody is left to ask', async () => {
    const { client } = twoProviders({ 'sandbox.fallback': '[]' }, { one: failing('AUTHENTICATION_FAILED') });
    await failureOf(client.execute({ code: 'p' }));
    const error = await failureOf(client.execute({ code: 'p' }));
    expect([error.code, error.providerId]).toEqual(['PROVIDER_UNAVAILABLE', 'one']);
    expect(error.retryAfterMs).toBeGreaterThan(0);
  });

  test('is asked at once with another configuration', async () => {
    const { client, settings } = twoProviders(LISTED, { one: failing('AUTHENTICATION_FAILED') });
    await labelOf(client);
    settings.set({ 'sandbox.one': '{"label":"mended"}' });
    await client.refresh();
    expect((await client.execute({ code: 'p' })).route.steps[0]).toMatchObject({ outcome: 'failed' });
  });

  test('is probed again after a probe whose caller withdrew', async () => {
    let answer: 'fail' | 'hang' | 'work' = 'fail';
    const { client } = twoProviders(LISTED, {
      one: {
        createSandbox: async (_, { signal }) => {
          if (answer === 'fail') throw new SandboxError('AUTHENTICATION_FAILED', 'no');
          if (answer === 'hang') {
            await new Promise((resolve) => signal?.addEventListener('abort', resolve, { once: true }));
            throw new SandboxError('CANCELLED', 'withdrawn');
          }
        },
      },
    });
    await labelOf(client);
    answer = 'hang';
    const tries = async () =>
      (await failureOf(client.execute({ code: 'p' }, { signal: AbortSignal.timeout(20) })).catch(() => undefined))?.code;
    await expect.poll(tries, { timeout: 10_000, interval: 20 }).toBe('CANCELLED');
    answer = 'work';
    await expect.poll(() => labelOf(client), { timeout: 10_000, interval: 20 }).toBe('first');
  });
});
