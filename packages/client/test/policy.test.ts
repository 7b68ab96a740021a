import { describe, expect, test } from 'vitest';
import { failureOf } from './failure-of.ts';
import { HOUR_MS, MADE_AT_MS, passportRow } from './passport-row.ts';
import { labelOf, TWO_ROWS, twoProviders } from './test-client.ts';

const ONE = { label: 'first' };
const STRICT = { 'sandbox.policy': '{"minimumIsolation":"gvisor","maxPassportAgeHours":24}' };
const OVERRIDE = '{"number":7,"override":{"author":"eve","reason":"incident","atMs":1}}';

/** A client whose clock is a test's. */
function underPolicy(rows: Readonly<Record<string, string>>, behaviours: Parameters<typeof twoProviders>[1] = {}) {
  const clock = { nowMs: MADE_AT_MS + HOUR_MS };
  return { ...twoProviders(rows, behaviours, { wallClock: () => clock.nowMs }), clock };
}

describe('a configuration under a policy', () => {
  test('is used when its passport proves it', async () => {
    const { client } = underPolicy({ ...STRICT, ...passportRow('one', ONE) });
    expect(await labelOf(client)).toBe('first');
    expect((await client.checkHealth()).status).toBe('healthy');
  });

  test('needs no passport without one', async () => {
    expect(await labelOf(underPolicy({}).client)).toBe('first');
  });

  test.each([
    ['no passport', {}, 'has no passport'],
    ['a passport that is no JSON', { 'sandbox.passport.one': '{' }, 'has no passport'],
    ['a passport of another shape', { 'sandbox.passport.one': '{"formatVersion":2}' }, 'has no passport'],
    ['the passport of another provider', { 'sandbox.passport.one': Object.values(passportRow('two', ONE))[0] ?? '' }, 'has no passport'],
    ['the passport of another configuration', passportRow('one', { label: 'other' }), 'another configuration'],
    ['a trial that failed', passportRow('one', ONE, { passed: false }), 'failed its trial'],
    ['a weaker isolation', passportRow('one', ONE, { isolation: { kind: 'runc', measuredBy: 'test' } }), 'weaker than gvisor'],
    ['an isolation that is only promised', passportRow('one', ONE, { isolation: { kind: 'remote', measuredBy: 'x' } }), 'does not trust'],
    ['an isolation that nobody measured', passportRow('one', ONE, { isolation: null }), 'was not measured'],
  ])('%s keeps every call from it, and no provider is created', async (_, rows: Readonly<Record<string, string>>, problem) => {
    const { client, one } = underPolicy({ ...STRICT, ...rows });
    for (const call of [
      () => client.execute({ code: 'p' }),
      () => client.createSandbox({ language: 'python' }),
      () => client.connectSandbox('fake-sandbox'),
      () => client.checkHealth(),
    ]) {
      const error = await failureOf(call);
      expect([error.code, error.providerId, error.details?.['row']]).toEqual(['POLICY_VIOLATED', 'one', 'sandbox.passport.one']);
      expect(error.details?.['problem']).toContain(problem);
      expect(error.suggestion).toContain('sandport config test one');
    }
    expect(one.log.events).toEqual([]);
  });

  test('is refused as soon as its passport is too old, although no row changes, and used again with a newer one', async () => {
    const { client, clock, settings } = underPolicy({ ...STRICT, ...passportRow('one', ONE) });
    clock.nowMs = MADE_AT_MS + 24 * HOUR_MS;
    expect(await labelOf(client)).toBe('first');
    clock.nowMs += 1;
    expect((await failureOf(client.execute({ code: 'p' }))).details?.['problem']).toContain('hours old');
    settings.set(passportRow('one', ONE, { madeAtMs: clock.nowMs }));
    await expect.poll(() => labelOf(client).catch(() => undefined)).toBe('first');
  });

  test('is refused when the clock jumps back behind its passport, and a small skew is forgiven', async () => {
    const { client, clock } = underPolicy({ ...STRICT, ...passportRow('one', ONE) });
    clock.nowMs = MADE_AT_MS - 60_000;
    expect(await labelOf(client)).toBe('first');
    clock.nowMs = MADE_AT_MS - HOUR_MS;
    expect((await failureOf(client.execute({ code: 'p' }))).details?.['problem']).toContain('in the future');
    clock.nowMs = MADE_AT_MS;
    expect(await labelOf(client)).toBe('first');
  });

  test('is refused as soon as the row of the configuration changes', async () => {
    const { client, settings } = underPolicy({ ...STRICT, ...passportRow('one', ONE) });
    await labelOf(client);
    settings.set({ 'sandbox.one': '{"label":"changed"}' });
    await client.refresh();
    expect((await failureOf(client.execute({ code: 'p' }))).code).toBe('POLICY_VIOLATED');
  });

  test('is used when the version in use was activated over the objection of the policy', async () => {
    const { client, settings } = underPolicy({ ...STRICT, 'sandbox.version': OVERRIDE });
    expect(await labelOf(client)).toBe('first');
    settings.set({ 'sandbox.version': '{"number":8}' });
    await client.refresh();
    expect((await failureOf(client.execute({ code: 'p' }))).code).toBe('POLICY_VIOLATED');
  });
});

describe('a request under a policy', () => {
  const POLICY = { 'sandbox.policy': '{"languages":["python"],"maxima":{"timeoutMs":5000,"memoryBytes":100000000,"lifetimeMs":60000}}' };
  const CAPABLE = {
    executionsPerSandbox: 'many',
    capabilities: {
      languages: ['python', 'javascript'],
      lifetimes: true,
      limits: { memory: true, processes: false, disk: false, cpus: false, openFiles: false },
    },
  } as const;
  const allowed = { code: 'p', limits: { timeoutMs: 5000 } };

  const setUp = (rows: Readonly<Record<string, string>> = {}) =>
    underPolicy({ ...POLICY, ...passportRow('one', ONE), ...rows }, { one: CAPABLE });

  test.each([
    ['a language', { code: 'p', language: 'javascript', limits: { timeoutMs: 1 } }, 'language'],
    ['a time', { code: 'p', limits: { timeoutMs: 5001 } }, 'limits.timeoutMs'],
    ['memory', { code: 'p', limits: { timeoutMs: 1, memoryBytes: 100_000_001 } }, 'limits.memoryBytes'],
  ])('that asks for %s which is not allowed is refused before anything is created', async (_, request, field) => {
    for (const rows of [{}, { 'sandbox.version': OVERRIDE }, { 'sandbox.fallback': '["two"]' }]) {
      const { client, one } = setUp(rows);
      const error = await failureOf(client.execute(request));
      expect([error.code, error.details?.['field'], one.log.events]).toEqual(['POLICY_VIOLATED', field, []]);
    }
  });

  test.each([
    ['a language', { language: 'javascript' }, 'language'],
    ['a lifetime', { language: 'python', lifetimeMs: 60_001 }, 'lifetimeMs'],
    ['an idle time', { language: 'python', idleTimeoutMs: 60_001 }, 'idleTimeoutMs'],
  ] as const)('for a sandbox to keep that asks for %s which is not allowed is refused', async (_, options, field) => {
    const { client } = setUp();
    const error = await failureOf(client.createSandbox(options));
    expect([error.code, error.details]).toEqual(['POLICY_VIOLATED', { field }]);
  });

  test('is held to it in a kept sandbox and its contexts too, whose lifetime cannot be put off beyond it', async () => {
    const { client, one } = setUp();
    const sandbox = await client.createSandbox({ language: 'python', lifetimeMs: 60_000 });
    const context = await sandbox.createContext();
    for (const call of [
      () => sandbox.execute({ code: 'p', limits: { timeoutMs: 5001 } }),
      () => context.execute({ code: 'p', limits: { timeoutMs: 5001 } }),
      () => sandbox.extend(60_001),
    ]) {
      expect((await failureOf(call)).code).toBe('POLICY_VIOLATED');
    }
    expect((await sandbox.execute(allowed)).status).toBe('completed');
    expect((await context.execute(allowed)).route).toEqual(sandbox.route);
    await sandbox.extend(60_000);
    expect(one.log.events.filter((event) => /^(execute|extend)/.test(event))).toEqual(['execute p', 'execute p', 'extend']);
  });

  test('gets no more time than is allowed where its caller leaves it open, wherever it is made', async () => {
    const { client } = setUp();
    const sandbox = await client.createSandbox({ language: 'python' });
    const context = await sandbox.createContext();
    const results = [
      await client.execute({ code: 'p' }),
      await sandbox.execute({ code: 'p', limits: { outputBytes: 10 } }),
      await context.execute({ code: 'p' }),
      await context.execute({ code: 'p', limits: { timeoutMs: 4000 } }),
    ];
    expect(results).toMatchObject([5000, 5000, 5000, 4000].map((timeoutMs) => ({ value: { timeoutMs } })));
  });

  test('is held to the policy that is stored when it is made', async () => {
    const { client, settings } = setUp();
    const sandbox = await client.createSandbox({ language: 'python' });
    await sandbox.execute(allowed);
    settings.set({ 'sandbox.policy': '{"maxima":{"timeoutMs":4999}}' });
    await client.refresh();
    expect((await failureOf(sandbox.execute(allowed))).details).toEqual({ field: 'limits.timeoutMs' });
    settings.set({ 'sandbox.policy': '{' });
    await client.refresh();
    expect((await failureOf(sandbox.execute(allowed))).details).toEqual({ row: 'sandbox.policy' });
    await sandbox.destroy();
  });
});

describe('a pinned version under a policy', () => {
  function pinned(rows: Readonly<Record<string, string>>) {
    const context = twoProviders(rows, {}, { version: 7, wallClock: () => MADE_AT_MS });
    context.settings.record(7, { ...TWO_ROWS, ...STRICT });
    return context;
  }

  test('is proven by the passports of this moment', async () => {
    const { client, settings } = pinned({});
    expect((await failureOf(client.execute({ code: 'p' }))).code).toBe('POLICY_VIOLATED');
    settings.set(passportRow('one', ONE));
    await expect.poll(() => labelOf(client).catch(() => undefined)).toBe('first');
    expect(settings.versionReadCount).toBe(1);
  });

  test('has the override of its own activation only while it is the one in use', async () => {
    const { client, settings } = pinned({ 'sandbox.version': OVERRIDE });
    expect(await labelOf(client)).toBe('first');
    settings.set({ 'sandbox.version': OVERRIDE.replace('7', '8') });
    await client.refresh();
    expect((await failureOf(client.execute({ code: 'p' }))).code).toBe('POLICY_VIOLATED');
  });
});
