import { configFields, Secret, type ProviderDefinition, type SandboxProvider } from '@sandport/core';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { secretsOf } from './config-secrets.ts';

const words = (secret: boolean) => ({ label: 'Field', help: 'For tests.', secret });

const definition: ProviderDefinition = {
  id: 'test',
  displayName: 'Test',
  description: 'For tests.',
  tags: [],
  languages: ['python'],
  configSchema: z.strictObject({
    endpoint: z.string().register(configFields, words(false)),
    apiKey: z.string().optional().register(configFields, words(true)),
    pin: z.number().optional().register(configFields, words(true)),
    keys: z.array(z.record(z.string(), z.string())).optional().register(configFields, words(true)),
  }),
  create: (): SandboxProvider => {
    throw new Error('not asked here');
  },
};

test('every text in a secret field is a secret, however deep, and nothing else', () => {
  const config = { endpoint: 'https://example.org', apiKey: 'one', pin: 1234, keys: [{ a: 'two' }, { b: 'three' }] };
  expect(secretsOf(definition, config)).toEqual(['one', '1234', 'two', 'three']);
});

test('what a schema made a secret of is one', () => {
  expect(secretsOf(definition, { apiKey: new Secret('one') })).toEqual(['one']);
});

test.each([[{}], [{ apiKey: null }], [null], ['apiKey'], [Object.create({ apiKey: 'inherited' })]])('%j has none', (config: unknown) => {
  expect(secretsOf(definition, config)).toEqual([]);
});

test('a schema that does not say which fields are secret is refused', () => {
  const undescribed = { ...definition, configSchema: z.strictObject({ apiKey: z.string() }) };
  expect(() => secretsOf(undescribed, {})).toThrow('The configuration field "apiKey" has no label and help.');
});
