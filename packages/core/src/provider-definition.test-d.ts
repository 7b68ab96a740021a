import { expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import type { SandboxErrorCode } from './errors/error-codes.ts';
import { SandboxError } from './errors/sandbox-error.ts';
import type { SandboxProvider } from './provider.ts';
import { createProvider, defineProvider, parseProviderConfig, type ProviderDefinition } from './provider-definition.ts';

declare const provider: SandboxProvider;

const configSchema = z.strictObject({ poolSize: z.int().default(4), image: z.string().optional() });

const definition = defineProvider({
  id: 'test',
  displayName: 'Test',
  description: 'For tests.',
  tags: [],
  languages: ['python'],
  configSchema,
  create(config) {
    expectTypeOf(config).toEqualTypeOf<{ poolSize: number; image?: string | undefined }>();
    return provider;
  },
});

test('the schema decides what the factory receives', () => {
  expectTypeOf(definition).toEqualTypeOf<ProviderDefinition<typeof configSchema>>();
  expectTypeOf(parseProviderConfig(definition, {})).toEqualTypeOf<z.output<typeof configSchema>>();
  expectTypeOf(createProvider(definition, {})).toEqualTypeOf<SandboxProvider>();
});

test('a definition fits where any definition is taken', () => {
  expectTypeOf(definition).toExtend<ProviderDefinition>();
});

test('only languages of the contract can be declared', () => {
  // @ts-expect-error -- ruby is not a language of the contract
  defineProvider({ ...definition, languages: ['ruby'] });
});

test('a code of an error is one of the table', () => {
  expectTypeOf<SandboxError['code']>().toEqualTypeOf<SandboxErrorCode>();
  // @ts-expect-error -- not a code of the table
  void new SandboxError('MADE_UP', 'x');
});

test('isInstance narrows', () => {
  const caught: unknown = undefined;
  if (SandboxError.isInstance(caught)) expectTypeOf(caught).toEqualTypeOf<SandboxError>();
});
