import { startFakeE2b } from '@sandport/fakes';
import { e2bProvider } from '@sandport/provider-e2b';
import { beforeEach, describe, expect, test } from 'vitest';
import { ANNA, configure, openSandbox, type SandboxUnderTest } from './sandbox-under-test.ts';

let sandbox: SandboxUnderTest;

beforeEach(async () => {
  sandbox = await openSandbox();
});

describe('reading', () => {
  test('lists providers and their fields', async () => {
    const { code, data } = await sandbox.call('listProviders');
    expect(code).toBe(0);
    expect(data?.find(({ id }) => id === 'e2b')).toEqual({
      id: 'e2b',
      name: e2bProvider.displayName,
      description: e2bProvider.description,
      tags: e2bProvider.tags,
    });
    const schema = await sandbox.call('readProviderSchema', { params: { provider: 'e2b' } });
    expect(schema.data?.['apiKey']).toMatchObject({ type: 'string', required: false, secret: true, scope: 'runtime', label: 'API key' });
    expect(schema.data?.['requestTimeoutMs']).toMatchObject({ type: 'integer', default: 30_000, min: 1000, max: 300_000 });
    const unknown = await sandbox.failureOf('readProviderSchema', { params: { provider: 'tenki' } });
    expect([unknown.code, unknown.message]).toEqual(['PROVIDER_UNKNOWN', 'Unknown provider: tenki']);
  });

  test('gives the active configuration, and no secret', async () => {
    expect((await sandbox.call('readConfig')).data).toEqual({ provider_type: null, config: {} });
    await configure(sandbox, 'e2b', { apiKey: 'planted-1', template: 'base' });
    expect((await sandbox.call('readConfig')).data).toEqual({ provider_type: 'e2b', config: { template: 'base' } });
    expect(sandbox.seen.join()).not.toContain('planted-1');
  });
});

describe('writing', () => {
  test('stores and uses in one version, with who did it and how', async () => {
    const body = { provider_type: 'e2b', config: { apiKey: 'planted-1', template: 'base' } };
    const { code, message, data } = await sandbox.call('writeConfig', { body });
    expect([code, message]).toEqual([0, 'Sandbox configuration updated successfully']);
    expect(data).toEqual({ provider_type: 'e2b', config: { template: 'base' } });
    const { versions } = await sandbox.call('listVersions');
    expect(versions).toMatchObject([{ number: 1, state: 'active', author: ANNA.name, reason: "through the predecessor's API" }]);
    expect(sandbox.seen.join()).not.toContain('planted-1');
  });

  test.each([
    ['absent', {}],
    ['empty', { apiKey: '' }],
    ['null', { apiKey: null }],
  ])('leaves a secret as it is stored that is %s', async (_name, given) => {
    await configure(sandbox, 'e2b', { apiKey: 'planted-1' });
    await sandbox.call('writeConfig', { body: { provider_type: 'e2b', config: { ...given, template: 'other', domain: '' } } });
    expect((await sandbox.settings.openConfiguration('e2b', null)).config).toEqual({ apiKey: 'planted-1', template: 'other' });
  });

  test('only stores where it is told not to activate', async () => {
    await configure(sandbox, 'wasm');
    const body = { provider_type: 'e2b', config: { template: 'mine' }, set_active: false };
    expect((await sandbox.call('writeConfig', { body })).data).toEqual({ provider_type: 'e2b', config: { template: 'mine' } });
    expect((await sandbox.call('readConfig')).data?.provider_type).toBe('wasm');
    expect((await sandbox.settings.openConfiguration('e2b', null)).config).toEqual({ template: 'mine' });
  });

  test('does not take what another program wrote for a conflict', async () => {
    await configure(sandbox, 'wasm');
    await sandbox.settings.write([{ name: 'sandbox.wasm', source: 'other', dataType: 'json', value: '{"maxChildren":5}' }]);
    await sandbox.call('writeConfig', { body: { provider_type: 'wasm', config: { maxChildren: 6 } } });
    const { versions } = await sandbox.call('listVersions');
    expect(versions.map(({ number, author }) => [number, author])).toEqual([
      [3, 'anna'],
      [2, 'unknown'],
      [1, 'tester'],
    ]);
  });

  test.each([
    ['a provider that nobody knows', { provider_type: 'ssh', config: {} }, 'provider_type'],
    ['a number out of range', { provider_type: 'wasm', config: { maxChildren: 0 } }, 'maxChildren'],
    ['a field that nobody knows', { provider_type: 'wasm', config: { colour: 'red' } }, 'colour'],
    ['a field that is needed and empty', { provider_type: 'self_managed', config: { endpoint: '' } }, 'endpoint'],
    ['a field of the deployment', { provider_type: 'docker', config: { runtime: 'mine' } }, 'runtime'],
    ['half of a pair', { provider_type: 'aliyun_codeinterpreter', config: { accessKeyId: 'LTAI1' } }, 'accessKeySecret'],
  ])('refuses %s by name, and stores nothing', async (_name, body, field) => {
    const error = await sandbox.failureOf('writeConfig', { body });
    expect([error.code, error.details?.['field']]).toEqual(['REQUEST_INVALID', field]);
    expect((await sandbox.call('listVersions')).versions).toEqual([]);
  });
});

describe('the test of a connection', () => {
  test('runs a program in each language with what was posted, and stores nothing', async () => {
    const { code, data } = await sandbox.call('testConfig', { body: { provider_type: 'wasm', config: { maxChildren: 2 } } });
    expect([code, data?.success, data?.details.exit_code]).toEqual([0, true, 0]);
    expect(data?.message).toMatch(/^Test PASSED \| Exit code: 0 \| Execution time: \d+\.\d\ds \| Output: /);
    expect(data?.details.stdout).toMatch(/Python: (\d+) \+ (\d+) = \d+\n[^]*TEST_PASSED\nJavaScript: [^]*TEST_PASSED\n/);
    expect((await sandbox.call('listVersions')).versions).toEqual([]);
    expect((await sandbox.call('listPassports', { query: { provider: 'wasm' } })).passports).toEqual([]);
  });

  test('takes the stored secret where none was posted, and tells the far side’s refusal without it', async () => {
    await using fake = await startFakeE2b({ apiKey: 'planted-right-key' });
    const address = { service: 'custom', apiUrl: fake.url, sandboxUrl: fake.url, template: 'code-interpreter-v1' };
    await configure(sandbox, 'e2b', { ...address, apiKey: 'planted-wrong-key' });
    const error = await sandbox.failureOf('testConfig', { body: { provider_type: 'e2b', config: address } });
    expect(error.code).toBe('AUTHENTICATION_FAILED');
    expect(fake.requests.length).toBeGreaterThan(0);
    expect(sandbox.seen.join()).not.toContain('planted');
  });

  test('refuses what breaks the schema before anything is tried', async () => {
    const error = await sandbox.failureOf('testConfig', { body: { provider_type: 'self_managed', config: { endpoint: 'nowhere' } } });
    expect([error.code, error.details?.['field']]).toEqual(['REQUEST_INVALID', 'endpoint']);
  });
});
