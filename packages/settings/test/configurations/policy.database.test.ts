import { configDigest, type JsonObject, type Passport } from '@sandport/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eachDatabase } from '../databases.ts';
import { ConfiguredDatabase, failureOf, passportFor, PLANTED } from './configured-database.ts';

const ANNA = { author: 'anna', reason: 'to begin' };
const HOUR_MS = 3_600_000;
const POLICY = { minimumIsolation: 'wasm' as const, maxPassportAgeHours: 24 };
const EMPTY = configDigest({});
const TO_BETA = { providerType: 'beta', providers: { beta: { config: {} }, gamma: { config: {} } }, policy: POLICY };

describe.each(eachDatabase)('a stored policy in $kind', ({ create }) => {
  let configured: ConfiguredDatabase;
  let configurations: ConfiguredDatabase['configurations'];
  let nowMs: number;

  beforeEach(async () => {
    nowMs = Date.UTC(2026, 0, 1);
    configured = await ConfiguredDatabase.make(create, { now: () => nowMs });
    ({ configurations } = configured);
  });

  afterEach(async () => {
    await configured.expectNoSecret();
    await configured.remove();
  });

  function passport(providerId: string, facts: Partial<Passport> = {}): Passport {
    return passportFor(providerId, EMPTY, { madeAtMs: nowMs, ...facts });
  }

  test.each([
    ['has none', undefined, '"beta" has no passport'],
    ['failed its trial', { passed: false }, 'failed its trial'],
    ['has a stale one', { madeAtMs: Date.UTC(2025, 11, 30) }, 'hours old; 24 are allowed'],
    ['has one from the future', { madeAtMs: Date.UTC(2027, 0, 1) }, 'dated in the future'],
    ['was measured as too weak', { isolation: { kind: 'runc', measuredBy: 'test' } }, 'weaker than wasm'],
    ['has one of another configuration', { configDigest: configDigest({ size: 5 }) }, '"beta" has no passport'],
    ['has one of another provider only', { providerId: 'gamma' }, '"beta" has no passport'],
  ] as const)('keeps a provider out that %s', async (_, facts, problem) => {
    if (facts !== undefined) await configurations.savePassport(passport('beta', facts));
    const before = await configured.dump();
    const error = await failureOf(configurations.change(TO_BETA, { ...ANNA, base: null }));
    expect([error.code, JSON.stringify(error.details)]).toEqual([
      'POLICY_VIOLATED',
      expect.stringContaining(problem.replaceAll('"', '\\"')),
    ]);
    expect(await configured.dump()).toEqual(before);
  });

  test('lets a provider in that has its proof, and puts the proof beside the rows', async () => {
    await configurations.savePassport(passport('beta'));
    expect(await configurations.change(TO_BETA, { ...ANNA, base: null })).toEqual({ number: 1 });
    const rows = await configured.rows();
    expect(JSON.parse(rows['sandbox.passport.beta'] ?? '')).toEqual(passport('beta'));
    expect(rows).not.toHaveProperty('sandbox.passport.gamma');
    const pinned = await configured.settings.readVersion(1, ['sandbox.passport.beta', 'sandbox.passport.gamma']);
    expect([...pinned.keys()]).toEqual(['sandbox.passport.beta']);
  });

  test('asks every provider of the fallback chain, too', async () => {
    await configurations.savePassport(passport('beta'));
    const error = await failureOf(configurations.change({ ...TO_BETA, fallback: ['gamma'] }, { ...ANNA, base: null }));
    expect([error.code, error.details]).toEqual(['POLICY_VIOLATED', { row: 'sandbox.policy', problems: ['"gamma" has no passport'] }]);
    await configurations.savePassport(passport('gamma'));
    await configurations.change({ ...TO_BETA, fallback: ['gamma'] }, { ...ANNA, base: null });
    expect(Object.keys(await configured.rows())).toEqual(expect.arrayContaining(['sandbox.passport.beta', 'sandbox.passport.gamma']));
    // Whoever is used no longer needs none.
    await configurations.change({ fallback: null }, { ...ANNA, base: 1 });
    expect(await configured.rows()).not.toHaveProperty('sandbox.passport.gamma');
  });

  test('goes by the policy that the change brings, when drafts become active', async () => {
    const draft = await configurations.draft(TO_BETA, { ...ANNA, base: null });
    const activate = () => configurations.activate(draft, { author: 'ben', expectedActive: null });
    expect((await failureOf(activate())).code).toBe('POLICY_VIOLATED');
    await configurations.savePassport(passport('beta', { madeAtMs: nowMs - 2 * HOUR_MS, passed: false }));
    await configurations.savePassport(passport('beta', { madeAtMs: nowMs - HOUR_MS }));
    expect(await activate()).toEqual({ number: 1 });
    nowMs += 30 * HOUR_MS;
    expect((await failureOf(configurations.change({ providers: { gamma: null } }, { ...ANNA, base: 1 }))).code).toBe('POLICY_VIOLATED');
    expect(await configurations.change({ policy: null }, { ...ANNA, base: 1 })).toEqual({ number: 2 });
    expect((await failureOf(configurations.rollBack(1, { ...ANNA, expectedActive: 2 }))).code).toBe('POLICY_VIOLATED');
  });

  test('is set aside by an override, which is told wherever somebody looks, and ends with the version', async () => {
    const override = { author: 'anna', reason: 'the trial is broken', atMs: nowMs };
    const active = await configurations.change(TO_BETA, { ...ANNA, base: null, override: { reason: override.reason } });
    expect(active).toEqual({ number: 1, override });
    expect(JSON.parse((await configured.rows())['sandbox.version'] ?? '')).toEqual({ number: 1, override });
    expect((await configurations.active()).override).toEqual(override);
    expect((await configurations.version(1)).override).toEqual(override);
    expect((await configurations.audit())[0]?.summary).toMatchObject({ override });
    expect((await configured.settings.readVersion(1, ['sandbox.version'])).get('sandbox.version')?.value).toBe(JSON.stringify(active));
    expect((await failureOf(configurations.change({ providers: { gamma: null } }, { ...ANNA, base: 1 }))).code).toBe('POLICY_VIOLATED');
    const wordless = { ...ANNA, base: 1, override: { reason: ' ' } };
    expect((await failureOf(configurations.change({ providers: { gamma: null } }, wordless))).details).toEqual({
      field: 'override.reason',
    });
  });

  test('needs no override where nothing speaks against a version, and none is written down', async () => {
    await configurations.savePassport(passport('beta'));
    expect(await configurations.change(TO_BETA, { ...ANNA, base: null, override: { reason: 'to be sure' } })).toEqual({ number: 1 });
    expect((await configurations.active()).override).toBeNull();
  });

  test('is no hindrance where there is none', async () => {
    await configurations.change({ ...TO_BETA, policy: null }, { ...ANNA, base: null });
    expect(await configured.rows()).not.toHaveProperty('sandbox.passport.beta');
  });

  test('takes a new passport of the configuration in use at once, and none of another', async () => {
    await configurations.savePassport(passport('beta', { durationMs: 1 }));
    await configurations.change(TO_BETA, { ...ANNA, base: null });
    const rowOf = async () => JSON.parse((await configured.rows())['sandbox.passport.beta'] ?? 'null') as unknown;
    nowMs += HOUR_MS;
    const newer = passport('beta', { durationMs: 2 });
    await configurations.savePassport(newer);
    expect(await rowOf()).toEqual(newer);
    await configurations.savePassport(passport('beta', { durationMs: 3, configDigest: configDigest({ size: 5 }) }));
    await configurations.savePassport(passport('beta', { durationMs: 4, madeAtMs: nowMs - HOUR_MS / 2 }));
    expect(await rowOf()).toEqual(newer);
    // A clock that once was wrong does not hide what is made after it was put right.
    await configurations.savePassport(passport('beta', { durationMs: 5, madeAtMs: nowMs + 500 * HOUR_MS }));
    expect(await rowOf()).toEqual(newer);
    expect((await configurations.passports('beta')).map(({ durationMs }) => durationMs)).toEqual([5, 3, 2, 4, 1]);
    expect(await configurations.passports('beta', { limit: 1 })).toHaveLength(1);
  });

  test('goes on to count a passport when only secrets were sealed', async () => {
    const config = { token: `${PLANTED}-token` };
    const clear = { 'sandbox.provider_type': 'alpha', 'sandbox.alpha': config, 'sandbox.policy': POLICY };
    await configured.writeForeign(clear);
    await configurations.savePassport(passport('alpha', { configDigest: configDigest(config) }));
    expect(await configurations.sealClearSecrets({ author: 'anna' })).toMatchObject({ version: 2 });
    const rows = await configured.rows();
    const digest = configDigest(JSON.parse(rows['sandbox.alpha'] ?? '') as JsonObject);
    expect(JSON.parse(rows['sandbox.passport.alpha'] ?? '')).toEqual(passport('alpha', { configDigest: digest }));
    await configurations.change({ providers: { beta: { config: {} } } }, { ...ANNA, base: 2 });
  });

  test('refuses what is no passport', async () => {
    const error = await failureOf(configurations.savePassport({ ...passport('beta'), configDigest: 'no digest' }));
    expect([error.code, error.details]).toEqual(['REQUEST_INVALID', { field: 'passport' }]);
  });
});
