import { configDigest } from '@sandport/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eachDatabase } from '../databases.ts';
import { ConfiguredDatabase, failureOf, passportFor, PLANTED } from './configured-database.ts';

const ANNA = { author: 'anna', reason: 'to begin' };
const NOW_MS = Date.UTC(2026, 0, 1);
const TOKEN = `${PLANTED}-token`;
const PASSWORD = `${PLANTED}-password`;

describe.each(eachDatabase)('drafts and proofs in $kind', ({ create }) => {
  let configured: ConfiguredDatabase;
  let configurations: ConfiguredDatabase['configurations'];

  beforeEach(async () => {
    configured = await ConfiguredDatabase.make(create, { now: () => NOW_MS });
    ({ configurations } = configured);
  });

  afterEach(async () => {
    await configured.expectNoSecret();
    await configured.remove();
  });

  async function stateOf(version: number): Promise<string> {
    return (await configurations.version(version)).record.state;
  }

  test('lists the drafts that wait, the newest first, with the rows that they change', async () => {
    expect(await configurations.drafts()).toEqual([]);
    await configurations.draft({ providers: { beta: { config: {} } } }, { ...ANNA, base: null });
    await configurations.change({ providerType: 'beta', providers: { beta: { config: {} } } }, { ...ANNA, base: null });
    await configurations.draft({ providers: { beta: { config: { size: 5 } }, gamma: { config: {} } } }, { ...ANNA, base: 2 });
    await configurations.draft({ providers: { beta: { config: {} } } }, { ...ANNA, base: 2 });
    await configurations.discard(1, ANNA);
    const drafts = await configurations.drafts();
    expect(drafts.map(({ record, rows }) => [record.number, rows])).toEqual([
      [4, []],
      [3, ['sandbox.beta', 'sandbox.gamma']],
    ]);
  });

  test('tells differences from nothing', async () => {
    await configurations.draft({ providerType: 'beta', providers: { beta: { config: { size: 5 } } } }, { ...ANNA, base: null });
    const differences = await configurations.diff(null, 1);
    expect(differences.map(({ row, field, kind, after }) => [row, field, kind, after])).toEqual([
      ['sandbox.beta', null, 'added', null],
      ['sandbox.beta', 'size', 'added', 5],
      ['sandbox.provider_type', null, 'added', 'beta'],
    ]);
  });

  test('takes the place of a draft, with the secrets of that one, in one transaction', async () => {
    const whole = { alpha: { config: { template: 'one', token: TOKEN } } };
    await configurations.draft({ providers: whole }, { ...ANNA, base: null });
    const next = { alpha: { config: { template: 'two', password: PASSWORD }, keep: ['token'] } };
    expect(await configurations.draft({ providers: next }, { ...ANNA, base: null, replaces: 1 })).toBe(2);
    expect([await stateOf(1), await stateOf(2)]).toEqual(['discarded', 'draft']);
    const { config, configDigest: digest } = await configured.settings.openConfiguration('alpha', 2);
    expect(config).toEqual({ template: 'two', token: TOKEN, password: PASSWORD });
    const stored = (await configured.settings.readVersion(2, ['sandbox.alpha'])).get('sandbox.alpha')?.value ?? '';
    expect(digest).toBe(configDigest(JSON.parse(stored) as Record<string, never>));
  });

  test('keeps what is in use where the draft that is replaced says nothing of it', async () => {
    await configurations.change({ providers: { alpha: { config: { token: TOKEN } } } }, { ...ANNA, base: null });
    await configurations.draft({ providers: { beta: { config: {} } } }, { ...ANNA, base: 1 });
    const change = { providers: { alpha: { config: { template: 'two' }, keep: ['token'] } } };
    await configurations.draft(change, { ...ANNA, base: 1, replaces: 2 });
    expect((await configured.settings.openConfiguration('alpha', 3)).config).toEqual({ template: 'two', token: TOKEN });
  });

  test('leaves a draft alone that is of somebody else, or none', async () => {
    await configurations.draft({ providers: { beta: { config: {} } } }, { ...ANNA, base: null });
    const change = { providers: { beta: { config: { size: 7 } } } };
    const before = await configured.dump();
    const foreign = await failureOf(configurations.draft(change, { author: 'ben', reason: 'x', base: null, replaces: 1 }));
    expect([foreign.code, foreign.details?.['field']]).toEqual(['REQUEST_INVALID', 'replaces']);
    const missing = await failureOf(configurations.draft(change, { ...ANNA, base: null, replaces: 9 }));
    expect(missing.code).toBe('CONFIG_MISSING');
    expect(await configured.dump()).toEqual(before);
  });

  test('tells the proofs of a version and of the rows in use', async () => {
    const policy = { minimumIsolation: 'wasm' as const };
    const change = { providerType: 'beta', providers: { beta: { config: {} }, gamma: { config: { size: 3 } } } };
    await configurations.change(change, { ...ANNA, base: null });
    const weak = { madeAtMs: NOW_MS, isolation: { kind: 'runc' as const, measuredBy: 'test' } };
    const passport = passportFor('gamma', configDigest({ size: 3 }), weak);
    await configurations.savePassport(passport);
    await configurations.draft({ providers: { beta: { config: { size: 9 } } }, fallback: ['gamma'], policy }, { ...ANNA, base: 1 });
    expect(await configurations.proofs(null)).toEqual([
      { providerId: 'beta', configDigest: configDigest({}), passport: null, isUsed: true, objection: null },
      { providerId: 'gamma', configDigest: configDigest({ size: 3 }), passport, isUsed: false, objection: null },
    ]);
    const gamma = { providerId: 'gamma', configDigest: configDigest({ size: 3 }), passport, isUsed: true };
    expect(await configurations.proofs(2)).toEqual([
      { providerId: 'beta', configDigest: configDigest({ size: 9 }), passport: null, isUsed: true, objection: '"beta" has no passport' },
      { ...gamma, objection: '"gamma" was measured as runc, which is weaker than wasm' },
    ]);
    await configured.writeForeign({ 'sandbox.gamma': 'no JSON' });
    expect((await configurations.proofs(null)).find(({ providerId }) => providerId === 'gamma')).toMatchObject({
      configDigest: null,
      passport: null,
    });
    expect((await failureOf(configurations.proofs(9))).code).toBe('CONFIG_MISSING');
  });

  test('opens nothing that is not there or cannot be read, and does not quote it', async () => {
    const { settings } = configured;
    await configurations.change({ providers: { beta: { config: {} } } }, { ...ANNA, base: null });
    expect((await failureOf(settings.openConfiguration('alpha', null))).code).toBe('CONFIG_MISSING');
    expect((await failureOf(settings.openConfiguration('alpha', 1))).details).toEqual({ row: 'sandbox.alpha', version: 1 });
    expect((await failureOf(settings.openConfiguration('alpha', 9))).code).toBe('CONFIG_MISSING');
    await configured.writeForeign({ 'sandbox.alpha': 'not JSON at all' });
    const broken = await failureOf(settings.openConfiguration('alpha', null));
    expect([broken.code, broken.message]).toEqual(['CONFIG_INVALID', 'The row "sandbox.alpha" is not valid JSON.']);
  });
});
