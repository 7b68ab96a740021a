import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ConfigurationChange } from '../../src/index.ts';
import { eachDatabase } from '../databases.ts';
import { ConfiguredDatabase, failureOf, PLANTED } from './configured-database.ts';

const ANNA = { author: 'anna', reason: 'to begin' };
const TOKEN = `${PLANTED}-token-1`;
const alpha = { config: { token: TOKEN } };
const beta = { config: {} };

/** Each change, the code it is refused with, and where. */
const REFUSED: readonly (readonly [string, ConfigurationChange, string, Record<string, unknown>])[] = [
  [
    'a field of the wrong type',
    { providers: { beta: { config: { size: 'big' } } } },
    'CONFIG_INVALID',
    { row: 'sandbox.beta', field: 'size' },
  ],
  ['a field that nobody knows', { providers: { alpha: { config: { tokn: TOKEN } } } }, 'CONFIG_INVALID', { row: 'sandbox.alpha' }],
  [
    'a secret that is too short',
    { providers: { alpha: { config: { token: 'planted' } } } },
    'CONFIG_INVALID',
    { row: 'sandbox.alpha', field: 'token' },
  ],
  ['a needed field that is absent', { providers: { alpha: { config: {} } } }, 'CONFIG_INVALID', { row: 'sandbox.alpha', field: 'token' }],
  [
    'a provider that is not carried',
    { providers: { omega: { config: { key: TOKEN } } } },
    'PROVIDER_UNKNOWN',
    { carried: ['alpha', 'beta', 'gamma'] },
  ],
  ['choosing a provider that is not carried', { providerType: 'omega' }, 'PROVIDER_UNKNOWN', { row: 'sandbox.provider_type' }],
  ['choosing a provider that is not configured', { providerType: 'alpha' }, 'CONFIG_INVALID', { row: 'sandbox.provider_type' }],
  ['removing the chosen provider', { providers: { beta: null } }, 'CONFIG_INVALID', { row: 'sandbox.provider_type' }],
  ['a fallback that is the chosen provider', { fallback: ['beta'] }, 'CONFIG_INVALID', { row: 'sandbox.fallback', field: '0' }],
  ['a fallback that is not configured', { fallback: ['gamma'] }, 'CONFIG_INVALID', { row: 'sandbox.fallback', field: '0' }],
  [
    'a fallback that comes twice',
    { providers: { alpha }, fallback: ['alpha', 'alpha'] },
    'CONFIG_INVALID',
    { row: 'sandbox.fallback', field: '1' },
  ],
  ['sealed secrets from outside', { providers: { alpha: { config: { $encrypted: {} } } } }, 'REQUEST_INVALID', {}],
  ['keeping a secret that is not stored', { providers: { alpha: { config: {}, keep: ['token'] } } }, 'REQUEST_INVALID', { field: 'token' }],
  ['keeping what is no secret', { providers: { beta: { config: {}, keep: ['size'] } } }, 'REQUEST_INVALID', { field: 'size' }],
  [
    'keeping and giving a secret',
    { providers: { alpha: { config: { token: TOKEN }, keep: ['token'] } } },
    'REQUEST_INVALID',
    { field: 'providers.alpha.keep.0' },
  ],
  ['a name that is no id', { providers: { 'No Id': beta } }, 'REQUEST_INVALID', { field: 'providers.No Id' }],
  ['a reserved name', { providers: { policy: beta } }, 'REQUEST_INVALID', { field: 'providers.policy' }],
  ['a change of nothing', {}, 'REQUEST_INVALID', { field: 'change' }],
  ['a policy with an unknown rule', { policy: { maxAge: 3 } as object }, 'REQUEST_INVALID', { field: 'policy.maxAge' }],
];

describe.each(eachDatabase)('what is refused in $kind', ({ create }) => {
  let configured: ConfiguredDatabase;
  let configurations: ConfiguredDatabase['configurations'];

  beforeEach(async () => {
    configured = await ConfiguredDatabase.make(create);
    ({ configurations } = configured);
    await configurations.change({ providerType: 'beta', providers: { beta } }, { ...ANNA, base: null });
  });

  afterEach(() => configured.remove());

  test('names its place, holds no value, and leaves everything as it was', async () => {
    const before = await configured.dump();
    for (const [name, change, code, details] of REFUSED) {
      for (const method of ['draft', 'change'] as const) {
        const error = await failureOf(configurations[method](change, { ...ANNA, base: 1 }));
        expect({ name, code: error.code, details: error.details }).toMatchObject({ name, code, details });
        expect(error.suggestion, name).toMatch(/./);
      }
    }
    expect(await configured.dump()).toEqual(before);
    await configured.expectNoSecret();
  });

  test('are secrets without a master key, with advice', async () => {
    const blind = configured.openConfigurations({ keyRing: null });
    const error = await failureOf(blind.change({ providers: { alpha } }, { ...ANNA, base: 1 }));
    expect([error.code, error.details]).toEqual(['CONFIG_MISSING', { row: 'sandbox.alpha', fields: ['token'] }]);
    expect(error.suggestion).toContain('master key');
    await configured.expectNoSecret();
  });

  test.each([
    ['an author without a name', { author: ' ', reason: 'x', base: 1 }, 'author'],
    ['an author that no column takes', { author: 'a'.repeat(256), reason: 'x', base: 1 }, 'author'],
    ['no reason', { author: 'anna', reason: '', base: 1 }, 'reason'],
    ['a reason with a NUL', { author: 'anna', reason: 'a\0b', base: 1 }, 'reason'],
    ['a base that is no version', { author: 'anna', reason: 'x', base: 0.5 }, 'base'],
  ])('is %s', async (_, options, field) => {
    expect((await failureOf(configurations.draft({ providers: { beta } }, options))).details).toEqual({ field });
  });

  test('are broken rows only by those who touch them', async () => {
    await configured.writeForeign({
      'sandbox.gamma': '{"size": ',
      'sandbox.alpha': { template: 'x', $encrypted: { version: 2, whatever: 'newer' } },
      'sandbox.omega': [1, 2],
    });
    expect(await configurations.recordForeignChanges()).toBe(2);
    const findings = await configurations.validate(2);
    expect(findings.map(({ row, kind }) => [row, kind])).toEqual([
      ['sandbox.alpha', 'error'],
      ['sandbox.gamma', 'error'],
      ['sandbox.omega', 'warning'],
    ]);
    expect(findings[0]?.message).toContain('newer version of Sandport');
    expect(findings[1]?.message).toBe('The row "sandbox.gamma" is not valid JSON.');
    const before = await configured.rows();
    await configurations.change({ providers: { beta: { config: { size: 7 } } } }, { ...ANNA, base: 2 });
    expect(await configured.rows()).toEqual({ ...before, 'sandbox.beta': '{"size":7}', 'sandbox.version': '{"number":3}' });
    expect(await failureOf(configurations.change({ providerType: 'gamma' }, { ...ANNA, base: 3 }))).toMatchObject({
      code: 'CONFIG_INVALID',
      details: { row: 'sandbox.gamma' },
    });
    const keeping = { providers: { alpha: { config: {}, keep: ['token'] } } };
    expect((await failureOf(configurations.change(keeping, { ...ANNA, base: 3 }))).code).toBe('SECRET_UNREADABLE');
    // Both are mended by storing them anew.
    await configurations.change({ providers: { alpha, gamma: { config: {} }, omega: null } }, { ...ANNA, base: 3 });
    expect(await configurations.validate(4)).toEqual([]);
  });

  test('is every change while a policy of a newer version cannot be read, until there is a new one', async () => {
    await configured.writeForeign({ 'sandbox.policy': { minimumIsolation: 'wasm', maximumCost: 3 } });
    await configurations.recordForeignChanges();
    expect((await configurations.active()).problems).toEqual([
      { row: 'sandbox.policy', message: 'The row "sandbox.policy": maximumCost is not a known field.' },
    ]);
    const error = await failureOf(configurations.change({ providers: { beta: { config: { size: 2 } } } }, { ...ANNA, base: 2 }));
    expect([error.code, error.details]).toEqual(['CONFIG_INVALID', { row: 'sandbox.policy', field: 'maximumCost' }]);
    await configurations.change({ policy: null }, { ...ANNA, base: 2 });
    await configurations.change({ providers: { beta: { config: { size: 2 } } } }, { ...ANNA, base: 3 });
  });

  test('is a chosen provider that cannot be one, which is not repeated', async () => {
    await configured.writeForeign({ 'sandbox.provider_type': `${PLANTED} pasted` });
    const { providerType, problems } = await configurations.active();
    expect([providerType, problems.map(({ row }) => row)]).toEqual([null, ['sandbox.provider_type']]);
    await configurations.recordForeignChanges();
    expect((await configurations.diff(1, 2))[0]).toEqual({ row: 'sandbox.provider_type', field: null, kind: 'changed', secret: true });
    await configurations.change({ providerType: 'beta' }, { ...ANNA, base: 2 });
    await configured.expectNoSecret();
  });

  test('is a call that was withdrawn before it began', async () => {
    const before = await configured.dump();
    const error = await failureOf(configurations.change({ providers: { beta } }, { ...ANNA, base: 1, signal: AbortSignal.abort() }));
    expect(error.code).toBe('CANCELLED');
    expect(await configured.dump()).toEqual(before);
  });

  test('is a program without definitions, which may read', async () => {
    const bare = configured.openConfigurations({ providers: [] });
    expect((await bare.active()).providers).toEqual([{ id: 'beta', isKnown: false, fields: {}, secrets: {}, problem: null }]);
    expect((await failureOf(bare.change({ providers: { beta } }, { ...ANNA, base: 1 }))).code).toBe('PROVIDER_UNKNOWN');
  });
});
