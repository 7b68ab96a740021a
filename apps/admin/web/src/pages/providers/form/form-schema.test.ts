import type { ConfigField, ProviderDescription } from '@sandport/admin-api';
import { expect, test } from 'vitest';
import { controlOf, formSchemaOf } from './form-schema.ts';

const base: ConfigField = {
  name: 'x',
  label: 'X',
  help: 'x',
  type: 'string',
  unit: null,
  required: false,
  secret: false,
  scope: 'runtime',
};

const schema: ProviderDescription['schema'] = {
  type: 'object',
  required: ['host', 'token', 'image'],
  properties: {
    host: { type: 'string', default: 'localhost', title: 'H' },
    token: { type: 'string' },
    image: { type: 'string' },
    pem: { type: 'string', pattern: 'CERTIFICATE-----' },
    hosts: { type: 'array', items: { type: 'string' } },
    marks: { type: 'object', additionalProperties: { type: 'string' } },
    deep: { type: 'array', items: { type: 'object' } },
  },
};

test.each([
  [{ type: 'string', name: 'host' }, 'text'],
  [{ type: 'string', name: 'pem' }, 'long-text'],
  [{ type: 'integer', name: 'n' }, 'number'],
  [{ type: 'boolean', name: 'b' }, 'switch'],
  [{ type: 'string', name: 'host', options: ['a'] }, 'choice'],
  [{ type: 'string', name: 'pem', secret: true }, 'secret'],
  [{ type: 'json', name: 'hosts' }, 'list'],
  [{ type: 'json', name: 'marks' }, 'json'],
  [{ type: 'json', name: 'deep' }, 'json'],
] as const)('%j is edited as %s', (field, control) => {
  expect(controlOf({ ...base, ...field } as ConfigField, schema)).toBe(control);
});

test('the form has neither defaults nor fields of the deployment, and asks for no secret by itself', () => {
  const fields: ConfigField[] = [
    { ...base, name: 'host', required: true },
    { ...base, name: 'token', required: true, secret: true },
    { ...base, name: 'image', required: true, scope: 'deployment' },
  ];
  expect(formSchemaOf({ fields, schema })).toEqual({
    type: 'object',
    additionalProperties: false,
    required: ['host'],
    properties: { host: { type: 'string' }, token: { type: 'string' } },
  });
});
