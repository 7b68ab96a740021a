import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eachDatabase } from '../databases.ts';
import { ConfiguredDatabase, failureOf, PLANTED } from './configured-database.ts';

const ANNA = { author: 'anna', reason: 'to begin' };
const BEN = { author: 'ben', reason: 'to go on' };
const TOKEN = `${PLANTED}-token-1`;

describe.each(eachDatabase)('versions in $kind', ({ create }) => {
  let configured: ConfiguredDatabase;
  let configurations: ConfiguredDatabase['configurations'];

  beforeEach(async () => {
    configured = await ConfiguredDatabase.make(create);
    ({ configurations } = configured);
  });

  afterEach(async () => {
    await configured.expectNoSecret();
    await configured.remove();
  });

  test('an empty installation has none', async () => {
    expect(await configurations.active()).toEqual({
      version: null,
      override: null,
      providerType: null,
      providers: [],
      policy: null,
      fallback: [],
      problems: [],
      changedElsewhere: [],
    });
    expect(await configurations.history()).toEqual([]);
    expect((await failureOf(configurations.version(1))).code).toBe('CONFIG_MISSING');
  });

  test('a change is one version, one audit entry and the rows in use', async () => {
    const change = { providerType: 'alpha', providers: { alpha: { config: { template: 'big', token: TOKEN } } } };
    expect(await configurations.change(change, { ...ANNA, base: null })).toEqual({ number: 1 });
    expect(await configurations.active()).toMatchObject({
      version: 1,
      providerType: 'alpha',
      providers: [{ id: 'alpha', isKnown: true, fields: { template: 'big' }, secrets: { token: 'sealed' }, problem: null }],
      changedElsewhere: [],
    });
    const rows = await configured.rows();
    expect(Object.keys(rows).toSorted()).toEqual(['sandbox.alpha', 'sandbox.provider_type', 'sandbox.version']);
    expect([rows['sandbox.provider_type'], rows['sandbox.version']]).toEqual(['alpha', '{"number":1}']);
    expect(await configurations.history()).toMatchObject([{ number: 1, parent: null, state: 'active', ...ANNA }]);
    expect(await configurations.audit()).toMatchObject([
      {
        sequence: 1,
        actor: 'anna',
        action: 'change',
        version: 1,
        summary: {
          reason: 'to begin',
          changes: [
            { row: 'sandbox.alpha', field: null, kind: 'added' },
            { row: 'sandbox.alpha', field: 'template', kind: 'added' },
            { row: 'sandbox.alpha', field: 'token', kind: 'added' },
            { row: 'sandbox.provider_type', field: null, kind: 'added' },
          ],
        },
      },
    ]);
    const stored: unknown = JSON.parse(rows['sandbox.alpha'] ?? '');
    expect(await configured.settings.unseal('sandbox.alpha', stored as never)).toEqual({ template: 'big', token: TOKEN });
  });

  test('a draft leaves the rows alone until it is activated', async () => {
    await configurations.change({ providerType: 'beta', providers: { beta: { config: {} } } }, { ...ANNA, base: null });
    const before = await configured.rows();
    const draft = await configurations.draft({ providers: { beta: { config: { size: 9 } } } }, { ...BEN, base: 1 });
    expect(draft).toBe(2);
    expect(await configured.rows()).toEqual(before);
    expect(await configurations.diff(1, draft)).toEqual([{ row: 'sandbox.beta', field: 'size', kind: 'added', after: 9, secret: false }]);
    expect(await configurations.version(draft)).toMatchObject({ version: 2, record: { state: 'draft', ...BEN }, providerType: 'beta' });
    expect(await configurations.activate(draft, { author: 'carla', expectedActive: 1 })).toEqual({ number: 2 });
    expect(await configured.rows()).toMatchObject({ 'sandbox.beta': '{"size":9}', 'sandbox.version': '{"number":2}' });
    expect((await configurations.history()).map(({ number, state, author }) => [number, state, author])).toEqual([
      [2, 'active', 'ben'],
      [1, 'superseded', 'anna'],
    ]);
    expect((await configurations.audit()).map(({ actor, action, version }) => [actor, action, version])).toEqual([
      ['carla', 'activate', 2],
      ['ben', 'draft', 2],
      ['anna', 'change', 1],
    ]);
  });

  test('a draft that is given up stays in the history and cannot be used', async () => {
    const draft = await configurations.draft({ providers: { beta: { config: {} } } }, { ...ANNA, base: null });
    await configurations.discard(draft, { author: 'ben', reason: 'too early' });
    expect(await configurations.history()).toMatchObject([{ number: 1, state: 'discarded' }]);
    for (const call of [
      () => configurations.activate(draft, { author: 'ben', expectedActive: null }),
      () => configurations.discard(draft, { author: 'ben' }),
      () => configurations.rollBack(draft, { ...BEN, expectedActive: null }),
    ]) {
      expect((await failureOf(call())).code).toBe('REQUEST_INVALID');
    }
    expect(await configured.rows()).toEqual({});
  });

  test('a configuration that is not in use is kept', async () => {
    await configurations.change({ providerType: 'alpha', providers: { alpha: { config: { token: TOKEN } } } }, { ...ANNA, base: null });
    const { 'sandbox.alpha': alpha } = await configured.rows();
    await configurations.change({ providerType: 'beta', providers: { beta: { config: {} } } }, { ...ANNA, base: 1 });
    await configurations.change({ providers: { beta: { config: { size: 2 } } } }, { ...ANNA, base: 2 });
    expect((await configured.rows())['sandbox.alpha']).toBe(alpha);
    await configurations.change({ providerType: 'alpha' }, { ...ANNA, base: 3 });
    expect((await configured.rows())['sandbox.alpha']).toBe(alpha);
  });

  test('rolling back restores the very texts, secrets included', async () => {
    await configurations.change({ providerType: 'alpha', providers: { alpha: { config: { token: TOKEN } } } }, { ...ANNA, base: null });
    const first = await configured.rows();
    const policy = { minimumIsolation: 'wasm' as const };
    const other = {
      providers: { alpha: { config: { template: 'x', token: `${PLANTED}-token-2` } }, beta: { config: {} } },
      fallback: ['beta'],
    };
    await configurations.change(other, { ...BEN, base: 1 });
    await configurations.change({ policy, fallback: null }, { ...BEN, base: 2, override: { reason: 'nothing was tried yet' } });
    expect(await configurations.rollBack(1, { ...ANNA, reason: 'it was better', expectedActive: 3 })).toEqual({ number: 4 });
    const rows = await configured.rows();
    expect(rows).toEqual({ ...first, 'sandbox.version': '{"number":4}' });
    const stored: unknown = JSON.parse(rows['sandbox.alpha'] ?? '');
    expect(await configured.settings.unseal('sandbox.alpha', stored as never)).toEqual({ token: TOKEN });
    expect(await configurations.diff(1, 4)).toEqual([]);
    expect((await configurations.audit())[0]).toMatchObject({ action: 'roll-back', summary: { from: 3, to: 1, reason: 'it was better' } });
  });

  test('differences show what may be shown, and of secrets only that they differ', async () => {
    const first = { token: TOKEN, password: `${PLANTED}-pass-1` };
    await configurations.change({ providerType: 'alpha', providers: { alpha: { config: first } } }, { ...ANNA, base: null });
    const second = { config: { template: 'new', password: `${PLANTED}-pass-2` }, keep: ['token'] };
    await configurations.change({ providers: { alpha: second, beta: { config: {} } }, fallback: ['beta'] }, { ...ANNA, base: 1 });
    expect(await configurations.diff(1, 2)).toEqual([
      { row: 'sandbox.alpha', field: 'password', kind: 'changed', secret: true },
      { row: 'sandbox.alpha', field: 'template', kind: 'added', after: 'new', secret: false },
      { row: 'sandbox.beta', field: null, kind: 'added', after: null, secret: false },
      { row: 'sandbox.fallback', field: null, kind: 'added', after: ['beta'], secret: false },
    ]);
    await configurations.change(
      { providers: { alpha: { config: {}, keep: ['token'] }, beta: null }, fallback: null },
      { ...ANNA, base: 2 },
    );
    expect(await configurations.diff(2, 3)).toEqual([
      { row: 'sandbox.alpha', field: 'password', kind: 'removed', secret: true },
      { row: 'sandbox.alpha', field: 'template', kind: 'removed', before: 'new', secret: false },
      { row: 'sandbox.beta', field: null, kind: 'removed', before: null, secret: false },
      { row: 'sandbox.fallback', field: null, kind: 'removed', before: ['beta'], secret: false },
    ]);
    // Without the key nobody can say which of the secrets of a row that was sealed anew are others.
    const blind = configured.openConfigurations({ keyRing: null });
    expect((await blind.diff(1, 2)).filter(({ secret }) => secret).map(({ field }) => field)).toEqual(['password', 'token']);
  });

  test('a kept secret stays as it is, so that an unchanged configuration has an unchanged row', async () => {
    const config = { template: 'a', token: TOKEN };
    await configurations.change({ providerType: 'alpha', providers: { alpha: { config } } }, { ...ANNA, base: null });
    const before = await configured.rows();
    await configurations.change({ providers: { alpha: { config: { template: 'a' }, keep: ['token'] } } }, { ...ANNA, base: 1 });
    expect((await configured.rows())['sandbox.alpha']).toBe(before['sandbox.alpha']);
  });

  test('lists go back in pages', async () => {
    for (let base = 0; base < 5; base += 1) {
      await configurations.draft({ providers: { beta: { config: { size: base + 1 } } } }, { ...ANNA, base: null });
    }
    expect((await configurations.history({ limit: 2 })).map(({ number }) => number)).toEqual([5, 4]);
    expect((await configurations.history({ limit: 2, before: 4 })).map(({ number }) => number)).toEqual([3, 2]);
    expect((await configurations.audit({ limit: 10, before: 3 })).map(({ sequence }) => sequence)).toEqual([2, 1]);
    expect((await failureOf(configurations.history({ limit: 0 }))).details).toEqual({ field: 'limit' });
  });

  test('a version gives its rows to those who use it, whatever is in use now', async () => {
    const alpha = { config: { token: TOKEN } };
    await configurations.change({ providerType: 'alpha', providers: { alpha, beta: { config: {} } } }, { ...ANNA, base: null });
    await configurations.change({ providerType: 'beta' }, { ...ANNA, base: 1 });
    const names = ['sandbox.provider_type', 'sandbox.alpha', 'sandbox.gamma', 'sandbox.version'];
    const rows = await configured.settings.readVersion(1, names);
    expect([...rows.keys()].toSorted()).toEqual(['sandbox.alpha', 'sandbox.provider_type', 'sandbox.version']);
    expect([rows.get('sandbox.provider_type')?.value, rows.get('sandbox.version')?.value]).toEqual(['alpha', '{"number":1}']);
    expect(rows.get('sandbox.alpha')?.value).toBe((await configured.rows())['sandbox.alpha']);
    expect((await failureOf(configured.settings.readVersion(9, names))).code).toBe('CONFIG_MISSING');
  });
});
