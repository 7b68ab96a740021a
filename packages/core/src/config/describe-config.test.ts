import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { SandboxError } from '../errors/sandbox-error.ts';
import { configFields } from './config-field.ts';
import { describeConfig } from './describe-config.ts';
import { Secret } from './secret.ts';

const endpoint = z.url().register(configFields, { label: 'Address', help: 'Where the service listens.', placeholder: 'https://…' });
const apiKey = z
  .string()
  .min(1)
  .transform((text) => new Secret(text))
  .register(configFields, { label: 'Key', help: 'Proves who calls.', secret: true });
const poolSize = z
  .int()
  .min(1)
  .max(50)
  .default(4)
  .register(configFields, { label: 'Pool', help: 'How many are kept warm.', scope: 'deployment' });
const runtime = z.enum(['runc', 'runsc']).default('runsc').register(configFields, { label: 'Runtime', help: 'What isolates.' });
const strict = z.boolean().optional().register(configFields, { label: 'Strict', help: 'Refuses doubtful answers.' });
const tags = z.array(z.string()).default([]).register(configFields, { label: 'Tags', help: 'For search.' });

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (SandboxError.isInstance(error)) return error.code;
    throw error;
  }
  return 'nothing thrown';
}

describe('describeConfig', () => {
  const fields = describeConfig(z.strictObject({ endpoint, apiKey, poolSize, runtime, strict, tags }));

  test('keeps the order of the schema', () => {
    expect(fields.map((field) => field.name)).toEqual(['endpoint', 'apiKey', 'poolSize', 'runtime', 'strict', 'tags']);
  });

  test('knows the type of each field', () => {
    expect(fields.map((field) => field.type)).toEqual(['string', 'string', 'integer', 'string', 'boolean', 'json']);
  });

  test('requires what has neither default nor leave to be absent', () => {
    expect(fields.filter((field) => field.required).map((field) => field.name)).toEqual(['endpoint', 'apiKey']);
  });

  test('gives ranges, defaults and choices', () => {
    expect(fields[2]).toMatchObject({ min: 1, max: 50, default: 4, scope: 'deployment', options: undefined });
    expect(fields[3]).toMatchObject({ options: ['runc', 'runsc'], default: 'runsc', scope: 'runtime' });
  });

  test('says what a number counts', () => {
    const number = (name: string) => z.int().register(configFields, { label: name, help: 'A number.' });
    const text = z.string().register(configFields, { label: 'Text', help: 'No number, whatever its name.' });
    const names = ['idleTimeoutMs', 'diskBytes', 'bytes', 'maxAgeHours', 'processes', 'items'];
    const described = describeConfig(
      z.strictObject({ ...Object.fromEntries(names.map((name) => [name, number(name)])), forms: text, textMs: text }),
    );
    expect(described.map((field) => field.unit)).toEqual(['ms', 'bytes', 'bytes', 'hours', undefined, undefined, undefined, undefined]);
  });

  test('gives the words of a form, and says which field is secret', () => {
    expect(fields[0]).toMatchObject({ label: 'Address', help: 'Where the service listens.', placeholder: 'https://…', secret: false });
    expect(fields[1]).toMatchObject({ label: 'Key', secret: true });
  });

  test.each([
    ['is not an object', z.string()],
    ['takes unknown fields', z.object({ endpoint })],
    ['has a field without words', z.strictObject({ endpoint, colour: z.string() })],
  ])('refuses a schema that %s', (_name, schema) => {
    expect(codeOf(() => describeConfig(schema))).toBe('INTERNAL');
  });
});
