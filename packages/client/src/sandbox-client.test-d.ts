import { configFields, defineProvider, type JsonValue, type SandboxProvider, type SettingsStore } from '@sandport/core';
import { expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { createSandboxClient, executeCode, type CallRoute, type ClientResult } from './index.ts';

declare const settings: SettingsStore;
declare const provider: SandboxProvider;

const strict = defineProvider({
  id: 'strict',
  displayName: 'Strict',
  description: 'Has a field.',
  tags: [],
  languages: ['python'],
  configSchema: z.strictObject({ url: z.url().register(configFields, { label: 'URL', help: 'Where it is.' }) }),
  create: (config) => {
    expectTypeOf(config).toEqualTypeOf<{ url: string }>();
    return provider;
  },
});
const empty = defineProvider({ ...strict, id: 'empty', configSchema: z.strictObject({}), create: () => provider });

test('takes definitions of different schemas in one list, without casts', () => {
  createSandboxClient({ settings, providers: [strict, empty] });
  createSandboxClient({ settings: () => settings, providers: [strict] });
  createSandboxClient({ settings: async () => Promise.resolve(settings), providers: [strict] });
});

test('asks for settings and providers', () => {
  // @ts-expect-error settings are missing
  createSandboxClient({ providers: [strict] });
  // @ts-expect-error providers are missing
  createSandboxClient({ settings });
  // @ts-expect-error a provider is not a definition
  createSandboxClient({ settings, providers: [provider] });
});

test('takes one provider in the place of settings and a list, never both', () => {
  createSandboxClient({ provider: strict, config: { url: 'https://example.com' }, defaults: { language: 'python' } });
  // @ts-expect-error a configuration belongs to a provider
  createSandboxClient({ settings, providers: [strict], config: {} });
  // @ts-expect-error a provider beside settings would be left out
  createSandboxClient({ settings, providers: [strict], provider: strict });
  // @ts-expect-error nothing is stored that had versions
  createSandboxClient({ provider: strict, version: 3 });
  // @ts-expect-error a provider is not a definition
  createSandboxClient({ provider });
  expectTypeOf(executeCode('', { provider: empty, arguments: { a: 1 } })).toEqualTypeOf<Promise<ClientResult>>();
});

test('gives a result that narrows by its status', async () => {
  const result = await createSandboxClient({ settings, providers: [strict] }).execute({ code: '', arguments: { a: [1, null] } });
  expectTypeOf(result).toEqualTypeOf<ClientResult>();
  expectTypeOf(result.route).toEqualTypeOf<CallRoute>();
  if (result.status === 'completed') expectTypeOf(result.value).toEqualTypeOf<JsonValue | undefined>();
  else if (result.status === 'failed') expectTypeOf(result.error.type).toEqualTypeOf<string>();
  else expectTypeOf(result.error).toEqualTypeOf<null>();
  if (result.status === 'completed')
    expectTypeOf(result.route.steps[0]?.outcome).toEqualTypeOf<'used' | 'failed' | 'skipped' | undefined>();
  // @ts-expect-error a result carries the error of a program that failed, and of no other
  else expectTypeOf(result.error.type).toEqualTypeOf<string>();
});

test('refuses arguments that are not JSON', () => {
  const client = createSandboxClient({ settings, providers: [strict] });
  // @ts-expect-error a date is not JSON
  void client.execute({ code: '', arguments: { when: new Date() } });
  // @ts-expect-error an array is not an object
  void executeCode('', { settings, providers: [strict], arguments: [1] });
});

test('runs one program with nothing but settings and providers', () => {
  expectTypeOf(executeCode('', { settings, providers: [strict] })).toEqualTypeOf<Promise<ClientResult>>();
});
