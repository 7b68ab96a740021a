import { inspect } from 'node:util';
import { SandboxError } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { createSandboxClient } from '../src/index.ts';
import { failureOf } from './failure-of.ts';
import { fakeDefinition } from './fake-provider.ts';
import { MemorySettings } from './memory-settings.ts';

const fake = fakeDefinition('fake');
const other = fakeDefinition('other');
const providers = [fake.definition, other.definition];
const SECRET = 'sk-very-secret-0815';

function failureWith(rows: Readonly<Record<string, string>>): Promise<SandboxError> {
  return failureOf(createSandboxClient({ settings: new MemorySettings(rows), providers }).execute({ code: '1' }));
}

describe('a stored configuration that cannot be used is an error that names the row', () => {
  test.each([
    ['nothing is stored', {}],
    ['the provider row is empty', { 'sandbox.provider_type': '', 'sandbox.fake': '{}' }],
    ['only the configuration is stored', { 'sandbox.fake': '{}' }],
  ])('%s', async (_, rows: Readonly<Record<string, string>>) => {
    const error = await failureWith(rows);
    expect([error.code, error.details]).toEqual(['CONFIG_MISSING', { row: 'sandbox.provider_type', carried: ['fake', 'other'] }]);
    expect(error.message).toContain('sandbox.provider_type');
    expect(error.suggestion).toContain('sandport config use fake');
  });

  test('the chosen provider has no configuration row: no empty one is made up', async () => {
    const error = await failureWith({ 'sandbox.provider_type': 'fake', 'sandbox.other': '{}' });
    expect([error.code, error.providerId, error.details]).toEqual(['CONFIG_MISSING', 'fake', { row: 'sandbox.fake' }]);
    expect(error.suggestion).toContain('sandport config use fake');
  });

  test('the id is unknown: the carried ids are listed', async () => {
    const error = await failureWith({ 'sandbox.provider_type': 'dokcer' });
    expect([error.code, error.details]).toEqual(['PROVIDER_UNKNOWN', { row: 'sandbox.provider_type', carried: ['fake', 'other'] }]);
    expect(error.message).toContain('"dokcer"');
    expect(error.suggestion).toContain('fake, other');
  });

  test.each(['__proto__', 'constructor', 'fake ', 'Fake', SECRET])('the id %j is not taken for a carried one', async (id) => {
    const error = await failureWith({ 'sandbox.provider_type': id, 'sandbox.fake': '{}' });
    expect(error.code).toBe('PROVIDER_UNKNOWN');
  });

  test.each([
    ['broken JSON', `{"token": "${SECRET}"`, undefined],
    ['a bare word', SECRET, undefined],
    ['an empty text', '', undefined],
    ['a JSON array', `["${SECRET}"]`, undefined],
    ['JSON null', 'null', undefined],
    ['a JSON text', `"${SECRET}"`, undefined],
    ['an unknown field', `{"tokn": "${SECRET}"}`, 'tokn'],
    ['a value of the wrong type', `{"workers": "${SECRET}"}`, 'workers'],
    ['a value out of its range', '{"workers": 9}', 'workers'],
  ])('the configuration row holds %s: the value is never quoted', async (_, text, field) => {
    const error = await failureWith({ 'sandbox.provider_type': 'fake', 'sandbox.fake': text });
    expect([error.code, error.details?.['row'], error.details?.['field']]).toEqual(['CONFIG_INVALID', 'sandbox.fake', field]);
    expect(error.message).toContain('sandbox.fake');
    if (field !== undefined) expect(error.message).toContain(field);
    expect(error.suggestion).toContain('sandport config set fake');
    expect(inspect(error, { depth: Infinity })).not.toContain(SECRET);
  });

  test('no provider is created for any of these', () => {
    expect([fake.log.events, other.log.events]).toEqual([[], []]);
  });
});

describe('settings that cannot be read', () => {
  test('a SandboxError of the store passes unchanged', async () => {
    const settings = new MemorySettings();
    const failure = new SandboxError('SETTINGS_UNAVAILABLE', 'The disk is gone.');
    settings.afterRead = () => Promise.reject(failure);
    expect(await failureOf(createSandboxClient({ settings, providers }).execute({ code: '1' }))).toBe(failure);
  });

  test('anything else becomes SETTINGS_UNAVAILABLE with its cause', async () => {
    const settings = new MemorySettings();
    const failure = new TypeError('a fault of the store');
    settings.afterRead = () => Promise.reject(failure);
    const error = await failureOf(createSandboxClient({ settings, providers }).execute({ code: '1' }));
    expect([error.code, error.cause]).toEqual(['SETTINGS_UNAVAILABLE', failure]);
  });

  test('a store that could not be opened is opened anew with the next call', async () => {
    let attempts = 0;
    const client = createSandboxClient({
      settings: () => {
        attempts += 1;
        if (attempts === 1) throw new Error('not yet');
        return new MemorySettings({ 'sandbox.provider_type': 'fake', 'sandbox.fake': '{}' });
      },
      providers,
    });
    expect((await failureOf(client.execute({ code: '1' }))).code).toBe('SETTINGS_UNAVAILABLE');
    expect((await client.providerInfo()).id).toBe('fake');
    await client.close();
  });
});

describe('providerInfo', () => {
  test('gives the id, the name and the configured keys, without values and without creating anything', async () => {
    const settings = new MemorySettings({ 'sandbox.provider_type': 'other', 'sandbox.other': `{"label":"x","token":"${SECRET}"}` });
    const info = await createSandboxClient({ settings, providers }).providerInfo();
    expect(info).toEqual({ id: 'other', displayName: 'Fake other', configKeys: ['label', 'token'], configurationVersion: null });
    expect(other.log.events).toEqual([]);
  });

  test('refuses a configuration that breaks its schema', async () => {
    const settings = new MemorySettings({ 'sandbox.provider_type': 'other', 'sandbox.other': '{"workers":0}' });
    expect((await failureOf(createSandboxClient({ settings, providers }).providerInfo())).code).toBe('CONFIG_INVALID');
  });
});

describe('capabilities', () => {
  test('are those of the chosen provider, which reaches nobody for it and is closed again', async () => {
    const settings = new MemorySettings({ 'sandbox.provider_type': 'other', 'sandbox.other': `{"label":"x","token":"${SECRET}"}` });
    const before = other.log.events.length;
    const capabilities = await createSandboxClient({ settings, providers }).capabilities();
    expect(capabilities).toMatchObject({ languages: ['python'], network: ['none'] });
    expect(other.log.events.slice(before)).toEqual(['create x', 'close x']);
  });

  test('are not told of a configuration that breaks its schema', async () => {
    const settings = new MemorySettings({ 'sandbox.provider_type': 'other', 'sandbox.other': '{"colour":"red"}' });
    expect((await failureOf(createSandboxClient({ settings, providers }).capabilities())).code).toBe('CONFIG_INVALID');
  });
});
