import { SandboxError, type JsonObject } from '@sandport/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ProviderCatalog } from '../../src/configurations/provider-catalog.ts';
import { ConfigurationStore, generateMasterKey, KeyRing } from '../../src/index.ts';
import { eachDatabase } from '../databases.ts';
import { ConfiguredDatabase, failureOf, PLANTED } from './configured-database.ts';
import { TEST_PROVIDERS } from './test-providers.ts';

const ANNA = { author: 'anna', reason: 'to begin' };
const tokenOf = (number: number) => `${PLANTED}-token-${number}`;

describe.each(eachDatabase)('master keys in $kind', ({ create }) => {
  let configured: ConfiguredDatabase;
  let configurations: ConfiguredDatabase['configurations'];
  let newKey: string;

  beforeEach(async () => {
    configured = await ConfiguredDatabase.make(create);
    ({ configurations } = configured);
    newKey = generateMasterKey();
  });

  afterEach(async () => {
    await configured.expectNoSecret(['system_settings']);
    await configured.remove();
  });

  async function makeVersions(count: number): Promise<void> {
    for (let base = 0; base < count; base += 1) {
      const change = { providerType: 'alpha', providers: { alpha: { config: { token: tokenOf(base + 1) } }, beta: { config: {} } } };
      await configurations.change(change, { ...ANNA, base: base === 0 ? null : base });
    }
  }

  const bothKeys = () => KeyRing.of([{ key: newKey }, { key: configured.key }]);
  const onlyNewKey = () => KeyRing.of([{ key: newKey }]);

  async function tokenIn(version: number, keyRing: KeyRing): Promise<unknown> {
    const settings = configured.openSettings({ keyRing });
    const row = (await settings.readVersion(version, ['sandbox.alpha'])).get('sandbox.alpha')?.value ?? '';
    return (await settings.unseal('sandbox.alpha', JSON.parse(row) as JsonObject))['token'];
  }

  test('are replaced in the rows in use and in every version, which say the same afterwards', async () => {
    await makeVersions(45);
    await configurations.draft({ providers: { alpha: { config: { template: 'x' }, keep: ['token'] } } }, { ...ANNA, base: 45 });
    const report = await configured.openConfigurations({ keyRing: bothKeys() }).rotateKeys({ author: 'anna' });
    expect(report).toEqual({
      keyId: onlyNewKey().currentId,
      activeRows: 1,
      versions: 46,
      recordedRows: 46,
      unreadable: [],
      unreadableCount: 0,
    });
    for (const version of [1, 20, 21, 45, 46]) expect(await tokenIn(version, onlyNewKey())).toBe(tokenOf(Math.min(version, 45)));
    const after = configured.openConfigurations({ keyRing: onlyNewKey() });
    expect(await after.diff(44, 45)).toEqual([{ row: 'sandbox.alpha', field: 'token', kind: 'changed', secret: true }]);
    expect((await after.active()).changedElsewhere).toEqual([]);
    expect(await after.activate(46, { author: 'anna', expectedActive: 45 })).toEqual({ number: 46 });
    expect((await after.audit())[1]).toMatchObject({ action: 'rotate-keys', summary: { versions: 46, recordedRows: 46, activeRows: 1 } });
    // The old key opens nothing any more.
    expect((await failureOf(tokenIn(1, KeyRing.of([{ key: configured.key }])))).code).toBe('SECRET_UNREADABLE');
  });

  test('that were replaced already are replaced no more', async () => {
    await makeVersions(3);
    const operator = configured.openConfigurations({ keyRing: bothKeys() });
    await operator.rotateKeys({ author: 'anna' });
    const before = await configured.dump();
    expect(await operator.rotateKeys({ author: 'anna' })).toMatchObject({ activeRows: 0, versions: 3, recordedRows: 0 });
    expect({ ...(await configured.dump()), sandport_audit: '', sandport_state: '' }).toEqual({
      ...before,
      sandport_audit: '',
      sandport_state: '',
    });
  });

  test('are replaced after a replacement that broke off in the middle', async () => {
    await makeVersions(50);
    const { database } = configured;
    let writes = 0;
    const broken = new ConfigurationStore({
      catalog: new ProviderCatalog(TEST_PROVIDERS),
      keys: { newest: () => Promise.resolve(bothKeys()) },
      now: Date.now,
      database: {
        kind: database.kind,
        location: database.location,
        read: (call, work) => database.read(call, work),
        write: (call, work) => {
          writes += 1;
          return writes === 2 ? Promise.reject(new SandboxError('SETTINGS_UNAVAILABLE', 'The power went.')) : database.write(call, work);
        },
        close: () => Promise.resolve(),
      },
    });
    expect((await failureOf(broken.rotateKeys({ author: 'anna' }))).code).toBe('SETTINGS_UNAVAILABLE');
    expect(await tokenIn(20, onlyNewKey())).toBe(tokenOf(20));
    expect((await failureOf(tokenIn(21, onlyNewKey()))).code).toBe('SECRET_UNREADABLE');
    const report = await configured.openConfigurations({ keyRing: bothKeys() }).rotateKeys({ author: 'anna' });
    expect(report).toMatchObject({ activeRows: 1, versions: 50, recordedRows: 30 });
    for (const version of [1, 25, 50]) expect(await tokenIn(version, onlyNewKey())).toBe(tokenOf(version));
  });

  test('are replaced in what another program wrote, and in texts that were sealed as a whole', async () => {
    await makeVersions(1);
    const sealed: unknown = JSON.parse((await configured.rows())['sandbox.alpha'] ?? '');
    const mixed = { ...(sealed as object), password: `${PLANTED}-password` };
    await configured.writeForeign({ 'sandbox.alpha': mixed, 'sandbox.unheard_of': { key: `${PLANTED}-other` } });
    await configurations.recordForeignChanges();
    const report = await configured.openConfigurations({ keyRing: bothKeys() }).rotateKeys({ author: 'anna' });
    expect(report).toMatchObject({ activeRows: 1, versions: 2, recordedRows: 3, unreadable: [] });
    const after = configured.openConfigurations({ keyRing: onlyNewKey() });
    expect((await after.active()).changedElsewhere).toEqual([]);
    expect(await after.sealClearSecrets({ author: 'anna' })).toEqual({
      version: 3,
      sealed: [{ row: 'sandbox.alpha', fields: ['password'] }],
    });
    expect(await tokenIn(2, onlyNewKey())).toBe(tokenOf(1));
    expect(await tokenIn(3, onlyNewKey())).toBe(tokenOf(1));
  });

  test('that are lost leave their rows as they are, and are told by name', async () => {
    await makeVersions(2);
    const before = await configured.rows();
    const report = await configured.openConfigurations({ keyRing: onlyNewKey() }).rotateKeys({ author: 'anna' });
    expect(report).toMatchObject({
      activeRows: 0,
      recordedRows: 0,
      unreadable: [
        { version: 1, row: 'sandbox.alpha' },
        { version: 2, row: 'sandbox.alpha' },
        { version: null, row: 'sandbox.alpha' },
      ],
    });
    expect(await configured.rows()).toEqual(before);
  });

  test('that are not there at all cannot be replaced', async () => {
    const error = await failureOf(configured.openConfigurations({ keyRing: null }).rotateKeys({ author: 'anna' }));
    expect([error.code, error.suggestion]).toEqual(['CONFIG_MISSING', expect.stringContaining('create-key')]);
  });

  test('of another installation are told with the row, and nothing is changed', async () => {
    await makeVersions(1);
    const before = await configured.dump();
    const stranger = configured.openConfigurations({ keyRing: onlyNewKey() });
    const keeping = { providers: { alpha: { config: { template: 'x' }, keep: ['token'] } } };
    const error = await failureOf(stranger.change(keeping, { ...ANNA, base: 1 }));
    expect([error.code, error.details?.['row']]).toEqual(['SECRET_UNREADABLE', 'sandbox.alpha']);
    expect(await configured.dump()).toEqual(before);
    expect((await stranger.active()).providers[0]).toMatchObject({ secrets: { token: 'sealed' } });
    expect((await stranger.validate(1))[0]).toMatchObject({ row: 'sandbox.alpha', kind: 'error' });
    // What is stored anew is readable again.
    await stranger.change({ providers: { alpha: { config: { token: tokenOf(9) } } } }, { ...ANNA, base: 1 });
    expect(await tokenIn(2, onlyNewKey())).toBe(tokenOf(9));
  });

  test('are replaced while others activate, and no version is lost or torn', async () => {
    await makeVersions(5);
    const others = [0, 1].map(() => configured.openConfigurations({ keyRing: bothKeys() }));
    const operator = configured.openConfigurations({ keyRing: bothKeys() });
    let isOver = false;
    let activations = 0;
    const activating = others.map(async (other) => {
      while (!isOver) {
        const { version } = await other.active();
        const change = { providers: { alpha: { config: { template: `t${activations}` }, keep: ['token'] } } };
        try {
          await other.change(change, { ...ANNA, base: version });
          activations += 1;
        } catch (error) {
          if (!(error instanceof Error && 'code' in error && error.code === 'CONFIG_CONFLICT')) throw error;
        }
      }
    });
    for (let round = 0; round < 4; round += 1) await operator.rotateKeys({ author: 'anna' });
    isOver = true;
    await Promise.all(activating);
    expect(activations).toBeGreaterThan(0);
    await operator.rotateKeys({ author: 'anna' });
    expect((await operator.active()).changedElsewhere).toEqual([]);
    const history = await operator.history({ limit: 500 });
    expect(history.filter(({ author }) => author === 'unknown')).toEqual([]);
    expect(history).toHaveLength(5 + activations);
    for (const { number } of history) expect(await tokenIn(number, onlyNewKey())).toBe(tokenOf(Math.min(number, 5)));
  });
});
