import { describe, expect, onTestFinished, test } from 'vitest';
import { createSandboxClient, executeCode, type SandboxClientOptions } from '../src/index.ts';
import { failureOf } from './failure-of.ts';
import { fakeDefinition } from './fake-provider.ts';
import { MemorySettings } from './memory-settings.ts';

function setUp(config?: Record<string, string>) {
  const { definition, log } = fakeDefinition('fake');
  const client = createSandboxClient({ provider: definition, ...(config === undefined ? {} : { config }) });
  onTestFinished(() => client.close());
  return { client, definition, log };
}

/** What a program in plain JavaScript may hand over. */
async function refusalOf(options: object): Promise<unknown> {
  const { code, details } = await failureOf(() => createSandboxClient(options as SandboxClientOptions));
  return [code, details?.['field']];
}

describe('a client with one provider', () => {
  test('runs a program without settings', async () => {
    const { definition, log } = setUp();
    const result = await executeCode('p', { provider: definition, config: { label: 'own' }, arguments: { a: 1 }, timeoutMs: 500 });
    expect(result).toMatchObject({ status: 'completed', providerId: 'fake', value: { label: 'own', arguments: { a: 1 }, timeoutMs: 500 } });
    expect(result.route).toEqual({ configurationVersion: null, steps: [{ providerId: 'fake', outcome: 'used' }] });
    expect(log.events).toEqual(['create own', 'createSandbox own', 'execute p', 'destroy own', 'close own']);
  });

  test('makes its provider once, from the defaults of its schema', async () => {
    const { client, log } = setUp();
    await Promise.all([client.execute({ code: 'p' }), client.execute({ code: 'p' })]);
    await client.refresh();
    expect(await client.execute({ code: 'p' })).toMatchObject({ value: { label: 'unnamed' } });
    expect(log.providers).toHaveLength(1);
  });

  test('keeps to the configuration that it was made with', async () => {
    const config = { label: 'first' };
    const { client } = setUp(config);
    config.label = 'second';
    expect(await client.execute({ code: 'p' })).toMatchObject({ value: { label: 'first' } });
  });

  test('tells of its provider the names of fields and no value', async () => {
    const { client } = setUp({ token: 's3cret' });
    const info = await client.providerInfo();
    expect(info).toEqual({ id: 'fake', displayName: 'Fake fake', configKeys: ['token'], configurationVersion: null });
    expect(await client.checkHealth()).toMatchObject({ status: 'healthy', configurationVersion: null });
  });

  test('remembers no calls, and says so before anything runs', async () => {
    const { client, log } = setUp();
    const error = await failureOf(client.execute({ code: 'p', idempotencyKey: 'k' }));
    expect([error.code, error.details]).toEqual(['CAPABILITY_UNSUPPORTED', { field: 'idempotencyKey' }]);
    expect(log.events).toEqual([]);
  });

  test('has the sandbox of a conversation as long as it lives', async () => {
    const { definition } = fakeDefinition('fake', { executionsPerSandbox: 'many' });
    const client = createSandboxClient({ provider: definition });
    onTestFinished(() => client.close());
    const session = client.session('conversation', { language: 'python' });
    expect((await session.execute({ code: 'p' })).status).toBe('completed');
  });
});

describe('refused where the client is made', () => {
  const { definition } = fakeDefinition('fake');
  const settings = new MemorySettings();

  test.each([
    ['a field of the configuration', { provider: definition, config: { workers: 99 } }, 'CONFIG_INVALID', 'workers'],
    ['a field that is not known', { provider: definition, config: { lable: 'x' } }, 'CONFIG_INVALID', 'lable'],
    ['a configuration that is no JSON', { provider: definition, config: { label: new Date() } }, 'REQUEST_INVALID', 'config'],
    ['a configuration that is no object', { provider: definition, config: 'label' }, 'REQUEST_INVALID', 'config'],
    ['a configuration of nothing', { settings, providers: [definition], config: {} }, 'REQUEST_INVALID', 'config'],
    ['settings besides', { provider: definition, settings }, 'REQUEST_INVALID', 'settings'],
    ['a list besides', { provider: definition, providers: [definition] }, 'REQUEST_INVALID', 'providers'],
    ['a version', { provider: definition, version: 1 }, 'REQUEST_INVALID', 'version'],
    ['a provider that was made already', { provider: { id: 'fake' } }, 'REQUEST_INVALID', 'provider'],
    ['nothing at all', {}, 'REQUEST_INVALID', 'settings'],
    ['providers without settings', { providers: [definition] }, 'REQUEST_INVALID', 'settings'],
  ])('%s', async (_, options, code, field) => {
    expect(await refusalOf(options)).toEqual([code, field]);
  });

  test('a value of the configuration is not quoted, since it may be a secret', async () => {
    const error = await failureOf(executeCode('p', { provider: definition, config: { token: ['s3cret'] } }));
    expect(JSON.stringify([error.message, error.suggestion, error.details])).not.toContain('s3cret');
  });
});
