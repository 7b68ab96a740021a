import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Secret } from './config/secret.ts';
import { SandboxError } from './errors/sandbox-error.ts';
import type { SandboxProvider } from './provider.ts';
import { createProvider, defineProvider, parseProviderConfig, type ProviderDefinition } from './provider-definition.ts';

const configSchema = z.strictObject({
  apiKey: z
    .string()
    .min(10)
    .transform((text) => new Secret(text)),
  pool: z.strictObject({ size: z.int().min(1).default(4) }).prefault({}),
});

type Config = z.output<typeof configSchema>;

const marker: unique symbol = Symbol('config');

/** A definition whose provider only remembers its configuration. */
const definition = defineProvider({
  id: 'test_provider2',
  displayName: 'Test',
  description: 'For tests.',
  tags: [],
  languages: ['python'],
  configSchema,
  create: (config) => ({ [marker]: config }) as unknown as SandboxProvider,
});

function refusalOf(action: () => unknown): SandboxError {
  try {
    action();
  } catch (error) {
    if (SandboxError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('defineProvider', () => {
  test('freezes the definition', () => {
    expect(Object.isFrozen(definition)).toBe(true);
  });

  test.each(['', 'Docker', '2fast', 'self-managed', '_x', 'a b', 'é', 'policy', 'version'])('refuses the id "%s"', (id) => {
    const other: ProviderDefinition<typeof configSchema> = { ...definition, id };
    expect(refusalOf(() => defineProvider(other)).code).toBe('INTERNAL');
  });
});

describe('createProvider', () => {
  test('hands the factory a checked and completed configuration', () => {
    const provider = createProvider(definition, { apiKey: 'long enough to pass' });
    const config = Reflect.get(provider, marker) as Config;
    expect(config.pool).toEqual({ size: 4 });
    expect(config.apiKey.reveal()).toBe('long enough to pass');
  });
});

describe('parseProviderConfig', () => {
  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'config'],
    ['JSON that was not parsed', '{}', 'config'],
    ['a missing field', {}, 'apiKey'],
    ['an unknown field', { apiKey: 'long enough to pass', colour: 'red' }, 'colour'],
    ['a nested field', { apiKey: 'long enough to pass', pool: { size: 0 } }, 'pool.size'],
  ])('refuses %s and names the field', (_name, config, field) => {
    expect(refusalOf(() => parseProviderConfig(definition, config))).toMatchObject({
      code: 'CONFIG_INVALID',
      providerId: 'test_provider2',
      details: { field, providerId: 'test_provider2' },
    });
  });

  test('never shows a refused value, not even in the cause', () => {
    const error = refusalOf(() => parseProviderConfig(definition, { apiKey: 'hunter2' }));
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('hunter2');
  });
});
