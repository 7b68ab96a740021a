import { beforeEach, describe, expect, test } from 'vitest';
import { ANNA, BEN, configure, openSandbox, type SandboxUnderTest } from './sandbox-under-test.ts';

let sandbox: SandboxUnderTest;

beforeEach(async () => {
  sandbox = await openSandbox();
});

async function storedIn(version: number, id: string) {
  return (await sandbox.call('readVersion', { params: { version } })).providers[id];
}

describe('a draft', () => {
  test('is written down with what is worth knowing, and changes nothing', async () => {
    await configure(sandbox, 'wasm');
    const change = { providers: { e2b: { config: { template: 'mine' } } } };
    const { version, findings } = await sandbox.call('createDraft', { body: { change, reason: 'another one', base: 1 } });
    expect([version, findings]).toEqual([2, []]);
    expect((await sandbox.call('readInstallation')).version).toBe(1);
    expect((await sandbox.call('listVersions')).versions[0]).toMatchObject({
      number: 2,
      state: 'draft',
      author: 'anna',
      reason: 'another one',
    });
  });

  test('keeps a secret that was named, and takes a new one', async () => {
    await configure(sandbox, 'e2b', { apiKey: 'planted-old', accessToken: 'planted-token' });
    const change = { providers: { e2b: { config: { accessToken: 'planted-new' }, keep: ['apiKey'] } } };
    const { version } = await sandbox.call('createDraft', { body: { change, reason: 'a token', base: 1 } });
    expect(await storedIn(version, 'e2b')).toEqual({ config: {}, secrets: { apiKey: 'sealed', accessToken: 'sealed' }, problem: null });
    const { config } = await sandbox.settings.openConfiguration('e2b', version);
    expect(config).toEqual({ apiKey: 'planted-old', accessToken: 'planted-new' });
    expect(sandbox.seen.join()).not.toContain('planted');
  });

  test('can be given up', async () => {
    await configure(sandbox, 'wasm');
    const change = { providers: { wasm: { config: { maxChildren: 2 } } } };
    const { version } = await sandbox.call('createDraft', { body: { change, reason: 'two', base: 1 } });
    await sandbox.call('discardDraft', { params: { version }, body: {} });
    expect((await sandbox.call('readVersion', { params: { version } })).record.state).toBe('discarded');
    expect((await sandbox.failureOf('discardDraft', { params: { version }, body: {} })).code).toBe('REQUEST_INVALID');
    expect((await sandbox.failureOf('discardDraft', { params: { version: 99 }, body: {} })).code).toBe('CONFIG_MISSING');
  });
});

describe('a draft that takes the place of another', () => {
  const first = { change: { providers: { e2b: { config: { apiKey: 'planted-a', template: 'one' } } } }, reason: 'one', base: null };

  test('keeps the secrets of that draft, which nobody can send a second time, and discards it', async () => {
    const { version: former } = await sandbox.call('createDraft', { body: first });
    const change = { providers: { e2b: { config: { template: 'two' }, keep: ['apiKey'] } } };
    const { version } = await sandbox.call('createDraft', { body: { change, reason: 'two', base: null, replaces: former } });
    expect((await sandbox.settings.openConfiguration('e2b', version)).config).toEqual({ template: 'two', apiKey: 'planted-a' });
    expect((await sandbox.call('readVersion', { params: { version: former } })).record.state).toBe('discarded');
    const { entries } = await sandbox.call('listAudit');
    expect(entries.map(({ action, version: about }) => [action, about])).toEqual([
      ['discard', former],
      ['draft', version],
      ['draft', former],
    ]);
  });

  test.each([
    ['of somebody else', BEN, 'draft'],
    ['that is none any more', ANNA, 'discarded'],
  ])('is refused for one %s, and nothing is stored', async (_name, caller, state) => {
    const { version: former } = await sandbox.call('createDraft', { body: first });
    if (state === 'discarded') await sandbox.call('discardDraft', { params: { version: former }, body: {} });
    const body = { change: { providers: { e2b: { config: {} } } }, reason: 'x', base: null, replaces: former };
    const error = await sandbox.failureOf('createDraft', { body, caller });
    expect([error.code, error.details]).toEqual(['REQUEST_INVALID', { field: 'replaces', version: former, state }]);
    expect((await sandbox.call('listVersions')).versions).toHaveLength(1);
  });

  test('is refused for a version that never was', async () => {
    const error = await sandbox.failureOf('createDraft', { body: { ...first, replaces: 7 } });
    expect([error.code, error.details?.['field']]).toEqual(['REQUEST_INVALID', 'replaces']);
  });
});

describe('fields of the deployment', () => {
  const STORED = { runtime: 'runsc-kvm', isolation: 'gvisor' };

  beforeEach(async () => {
    await configure(sandbox, 'docker', STORED);
  });

  async function draft(config: Record<string, string | number>, id = 'docker') {
    return sandbox.call('createDraft', { body: { change: { providers: { [id]: { config } } }, reason: 'x', base: 1 } });
  }

  test.each([
    ['are left away', {}],
    ['are sent as they are', { runtime: 'runsc-kvm' }],
  ])('stay as they are stored when they %s', async (_name, given) => {
    const { version } = await draft({ ...given, isolation: 'runc' });
    expect((await storedIn(version, 'docker'))?.config).toEqual({ runtime: 'runsc-kvm', isolation: 'runc' });
  });

  test.each([
    ['another value', 'docker', { runtime: 'runc' }, 'runtime'],
    ['a value where none is stored', 'docker', { pythonImage: 'mine:latest' }, 'pythonImage'],
    ['another value than the default', 'aliyun_codeinterpreter', { cpus: 4 }, 'cpus'],
  ])('cannot be given %s', async (_name, id, config, field) => {
    const error = await draft(config, id).then(
      () => undefined,
      (thrown: unknown) => thrown as { code: string; details: object },
    );
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', details: { row: `sandbox.${id}`, field, fields: [{ field }] } });
    expect((await sandbox.call('listVersions')).versions).toHaveLength(1);
  });

  test('may be sent with their defaults, which are not stored for that', async () => {
    const { version } = await draft({ cpus: 2, networkMode: 'PUBLIC', region: 'cn-beijing' }, 'aliyun_codeinterpreter');
    expect((await storedIn(version, 'aliyun_codeinterpreter'))?.config).toEqual({ region: 'cn-beijing' });
  });
});

describe('what is wrong with a draft', () => {
  test('is told of every field at once', async () => {
    const config = { memoryBytes: 1, colour: 'red', maxChildren: 'many', apiKey: 'planted-2' };
    const error = await sandbox.failureOf('createDraft', {
      body: { change: { providers: { wasm: { config } } }, reason: 'x', base: null },
    });
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.details).toMatchObject({ row: 'sandbox.wasm', field: 'memoryBytes' });
    const fields = (error.details?.['fields'] ?? []) as { field: string }[];
    expect(fields.map(({ field }) => field)).toEqual(['memoryBytes', 'maxChildren', 'colour', 'apiKey']);
    expect(sandbox.seen.join()).not.toContain('planted-2');
  });

  test('is also told where it shows only with the kept secrets, or between rows', async () => {
    await configure(sandbox, 'aliyun_codeinterpreter', { accessKeyId: 'LTAI1', accessKeySecret: 'planted-3' });
    const lost = { providers: { aliyun_codeinterpreter: { config: {}, keep: ['accessKeySecret'] } } };
    const half = await sandbox.failureOf('createDraft', { body: { change: lost, reason: 'x', base: 1 } });
    expect([half.code, half.details?.['field']]).toEqual(['CONFIG_INVALID', 'accessKeyId']);
    const change = { providerType: 'e2b' };
    const missing = await sandbox.failureOf('createDraft', { body: { change, reason: 'x', base: 1 } });
    expect([missing.code, missing.details?.['row']]).toEqual(['CONFIG_INVALID', 'sandbox.provider_type']);
    expect(sandbox.seen.join()).not.toContain('planted-3');
  });

  test.each([
    ['a provider that nobody knows', { providers: { nobody: { config: {} } } }, 'change.providers.nobody'],
    ['a sealed secret from elsewhere', { providers: { e2b: { config: { $encrypted: {} } } } }, '$encrypted'],
    ['nothing at all', {}, 'change'],
  ])('is refused at the door when it is %s', async (_name, change, field) => {
    const error = await sandbox.failureOf('createDraft', { body: { change, reason: 'x', base: null } });
    expect(error.code).toMatch(/^(?:REQUEST|CONFIG)_INVALID$/);
    expect(JSON.stringify(error.details)).toContain(field);
  });
});
