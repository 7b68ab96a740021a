import type { JsonObject } from '@sandport/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eachDatabase } from '../databases.ts';
import { ConfiguredDatabase, failureOf, PLANTED } from './configured-database.ts';

const ANNA = { author: 'anna', reason: 'to go on' };
const TOKEN = `${PLANTED}-token-1`;

/** What RAGFlow leaves behind: names of fields that nobody here knows, secrets in the clear, rows of providers that nobody here carries. */
const FOREIGN_ROWS = {
  'sandbox.provider_type': 'beta',
  'sandbox.alpha': { template: 'big', token: TOKEN },
  'sandbox.beta': { size: 3 },
  'sandbox.unheard_of': { api_key: `${PLANTED}-other`, timeout: 30 },
  'sandbox.broken': `{"password": "${PLANTED}`,
};

describe.each(eachDatabase)('rows of other programs in $kind', ({ create }) => {
  let configured: ConfiguredDatabase;
  let configurations: ConfiguredDatabase['configurations'];

  beforeEach(async () => {
    configured = await ConfiguredDatabase.make(create);
    ({ configurations } = configured);
  });

  afterEach(async () => {
    // The other program's own rows are the only place.
    await configured.expectNoSecret(['system_settings']);
    await configured.remove();
  });

  test('that were there before are the first version, exactly, and nothing of them is touched', async () => {
    await configured.writeForeign(FOREIGN_ROWS);
    const before = await configured.rows();
    expect(await configurations.active()).toMatchObject({
      version: null,
      providerType: 'beta',
      changedElsewhere: Object.keys(before).toSorted(),
    });
    expect(await configurations.change({ providers: { beta: { config: { size: 4 } } } }, { ...ANNA, base: null })).toEqual({ number: 2 });
    expect(await configured.rows()).toEqual({ ...before, 'sandbox.beta': '{"size":4}', 'sandbox.version': '{"number":2}' });
    expect(await configurations.history()).toMatchObject([
      { number: 2, parent: 1, state: 'active', author: 'anna' },
      { number: 1, parent: null, state: 'superseded', author: 'unknown', reason: 'found in the table' },
    ]);
    const first = await configured.settings.readVersion(1, Object.keys(before));
    expect(Object.fromEntries([...first].filter(([name]) => name !== 'sandbox.version').map(([name, { value }]) => [name, value]))).toEqual(
      before,
    );
    expect((await configurations.active()).changedElsewhere).toEqual([]);
  });

  test('are shown without what may be secret', async () => {
    await configured.writeForeign(FOREIGN_ROWS);
    const { providers } = await configurations.active();
    expect(providers).toEqual([
      { id: 'alpha', isKnown: true, fields: { template: 'big' }, secrets: { token: 'clear' }, problem: null },
      { id: 'beta', isKnown: true, fields: { size: 3 }, secrets: {}, problem: null },
      { id: 'broken', isKnown: false, fields: {}, secrets: {}, problem: 'The row "sandbox.broken" is not valid JSON.' },
      { id: 'unheard_of', isKnown: false, fields: {}, secrets: {}, problem: null },
    ]);
    await configurations.recordForeignChanges();
    expect((await configurations.version(1)).providers).toEqual(providers);
  });

  test('are recorded before a change that did not see them is refused', async () => {
    await configurations.change({ providerType: 'beta', providers: { beta: { config: {} } } }, { ...ANNA, base: null });
    await configured.writeForeign({ 'sandbox.alpha': { token: TOKEN }, 'sandbox.provider_type': 'alpha' });
    await configured.removeForeign('sandbox.beta');
    const error = await failureOf(configurations.change({ providers: { gamma: { config: {} } } }, { ...ANNA, base: 1 }));
    expect([error.code, error.details]).toMatchObject(['CONFIG_CONFLICT', { expected: 1, active: 2, author: 'unknown' }]);
    expect(error.suggestion).toContain('diff 1 2');
    expect(await configurations.diff(1, 2)).toEqual([
      { row: 'sandbox.alpha', field: null, kind: 'added', after: null, secret: false },
      { row: 'sandbox.alpha', field: 'token', kind: 'added', secret: true },
      { row: 'sandbox.beta', field: null, kind: 'removed', before: null, secret: false },
      { row: 'sandbox.provider_type', field: null, kind: 'changed', before: 'beta', after: 'alpha', secret: false },
    ]);
    expect((await configurations.audit())[0]).toMatchObject({ actor: 'unknown', action: 'record', version: 2 });
    // Nothing of either side is lost.
    expect(await configurations.change({ providers: { gamma: { config: {} } } }, { ...ANNA, base: 2 })).toEqual({ number: 3 });
    expect(await configurations.active()).toMatchObject({ providerType: 'alpha', providers: [{ id: 'alpha' }, { id: 'gamma' }] });
    expect(await configurations.rollBack(1, { ...ANNA, expectedActive: 3 })).toEqual({ number: 4 });
    expect(await configurations.active()).toMatchObject({ providerType: 'beta', providers: [{ id: 'beta' }] });
  });

  test('are recorded once', async () => {
    await configured.writeForeign(FOREIGN_ROWS);
    expect(await configurations.recordForeignChanges()).toBe(1);
    expect(await configurations.recordForeignChanges()).toBe(1);
    expect(await configured.openConfigurations().recordForeignChanges()).toBe(1);
    expect(await configurations.history()).toHaveLength(1);
  });

  test('with what may be secret are not recorded without a master key, and the change is refused with advice', async () => {
    await configured.writeForeign(FOREIGN_ROWS);
    const before = await configured.dump();
    const blind = configured.openConfigurations({ keyRing: null });
    const error = await failureOf(blind.change({ providers: { beta: { config: {} } } }, { ...ANNA, base: null }));
    expect(error.code).toBe('CONFIG_MISSING');
    expect(error.suggestion).toContain('sandport secrets create-key');
    expect(await configured.dump()).toEqual(before);
  });

  test('without anything that may be secret are recorded without a master key', async () => {
    await configured.writeForeign({
      'sandbox.provider_type': 'beta',
      'sandbox.beta': { size: 3 },
      'sandbox.unheard_of': { timeout: 30, region: '' },
    });
    const blind = configured.openConfigurations({ keyRing: null });
    expect(await blind.change({ providers: { beta: { config: {} } } }, { ...ANNA, base: null })).toEqual({ number: 2 });
  });

  test('that were recorded under a key cannot be told from changed ones without it, and the change is refused', async () => {
    await configured.writeForeign(FOREIGN_ROWS);
    await configurations.recordForeignChanges();
    const blind = configured.openConfigurations({ keyRing: null });
    const error = await failureOf(blind.change({ providers: { beta: { config: {} } } }, { ...ANNA, base: 1 }));
    expect(error.code).toBe('SECRET_UNREADABLE');
    expect((await blind.version(1)).providers.find(({ id }) => id === 'alpha')?.problem).toContain('cannot be read');
    expect((await blind.validate(1)).find(({ row }) => row === 'sandbox.alpha')?.kind).toBe('error');
  });

  test('have their secrets sealed on demand, and the configuration stays the same', async () => {
    await configured.writeForeign(FOREIGN_ROWS);
    expect(await configurations.sealClearSecrets({ author: 'anna' })).toEqual({
      version: 2,
      sealed: [{ row: 'sandbox.alpha', fields: ['token'] }],
    });
    const { providers } = await configurations.active();
    expect(providers[0]).toMatchObject({ id: 'alpha', fields: { template: 'big' }, secrets: { token: 'sealed' } });
    const stored: unknown = JSON.parse((await configured.rows())['sandbox.alpha'] ?? '');
    expect(await configured.settings.unseal('sandbox.alpha', stored as JsonObject)).toEqual({ template: 'big', token: TOKEN });
    expect(await configurations.diff(1, 2)).toEqual([]);
    expect(await configurations.sealClearSecrets({ author: 'anna' })).toEqual({ version: null, sealed: [] });
  });

  test('come back sealed when a version is restored that had them in the clear', async () => {
    await configured.writeForeign({ 'sandbox.provider_type': 'alpha', 'sandbox.alpha': { token: TOKEN } });
    await configurations.change({ providers: { alpha: { config: { token: `${PLANTED}-token-2` } } } }, { ...ANNA, base: null });
    await configurations.rollBack(1, { ...ANNA, expectedActive: 2 });
    const row = (await configured.rows())['sandbox.alpha'] ?? '';
    expect(row).not.toContain(PLANTED);
    const stored: unknown = JSON.parse(row);
    expect(await configured.settings.unseal('sandbox.alpha', stored as JsonObject)).toEqual({ token: TOKEN });
  });

  test('that hold no text but nothing are taken for empty', async () => {
    await configurations.change({ providerType: 'beta', providers: { beta: { config: {} } } }, { ...ANNA, base: null });
    await configured.writeForeign({ 'sandbox.provider_type': '' });
    expect(await configurations.active()).toMatchObject({ providerType: null, problems: [], changedElsewhere: ['sandbox.provider_type'] });
    expect(await configurations.recordForeignChanges()).toBe(2);
    expect(await configurations.change({ providerType: 'beta' }, { ...ANNA, base: 2 })).toEqual({ number: 3 });
  });

  test('under names that only look like ours are left alone', async () => {
    const rows = { 'sandbox.Alpha': '{}', 'sandbox.alpha.more': '{}', 'sandboxes.alpha': '{}', 'mail.server': '{}' };
    await configured.writeForeign(rows);
    await configurations.change({ providerType: 'beta', providers: { beta: { config: {} } } }, { ...ANNA, base: null });
    expect(await configured.rows()).toMatchObject(rows);
    expect(await configurations.history()).toHaveLength(1);
  });
});
