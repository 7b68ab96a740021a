import { describeConfig } from '@sandport/core';
import { e2bProviderConfigSchema, KNOWN_SERVICES } from '@sandport/provider-e2b';
import { describe, expect, test } from 'vitest';
import { checkConnection, secretFieldsOf, type Connection } from '../connection/connection-form.ts';
import { E2B_FORM } from './connection.ts';

const { fields, fromEnvironment, missingIn } = E2B_FORM;
const described = describeConfig(e2bProviderConfigSchema);
const helpOf = (name: string): string => described.find((field) => field.name === name)?.help ?? '';
const check = (connection: Connection) => (): void => checkConnection(E2B_FORM, connection, ({ name }) => `Mend ${name}.`);

describe('what is asked for', () => {
  test('has the secrets, the variables and the services that the provider names', () => {
    const secrets = described.filter(({ secret, name }) => secret && name !== 'proxy');
    expect(secrets.map(({ name }) => name).toSorted()).toEqual(secretFieldsOf(E2B_FORM).toSorted());
    for (const { name, variables } of fields) expect(helpOf(name)).toContain(variables.join(', then '));
    expect(fields[0]?.choices).toEqual(Object.keys(KNOWN_SERVICES));
  });

  test.each([
    ['a key for a service', { service: 'e2b', apiKey: 'k' }],
    ['a token in its place', { service: 'e2b', accessToken: 't' }],
    ['a region where there are several', { service: 'aliyun-fc', region: 'cn-hangzhou', apiKey: 'k' }],
    ['a domain of its own', { service: 'custom', domain: 'sandbox.example.com', apiKey: 'k' }],
    ['two addresses of its own', { service: 'custom', apiUrl: 'http://a', sandboxUrl: 'http://b', accessToken: 't' }],
  ])('is enough with %s', (_, connection) => {
    expect(check(connection)).not.toThrow();
    expect(missingIn(connection)).toEqual([]);
  });

  test.each([
    [{ service: 'e2b' }, 'apiKey: is missing', ['apiKey']],
    [{ service: 'tencent-ags', apiKey: 'k' }, 'region: is missing', ['region']],
    [{ service: 'custom', apiUrl: 'http://a', apiKey: 'k' }, 'sandboxUrl: is missing', ['sandboxUrl']],
    [{ service: 'custom' }, 'apiUrl, sandboxUrl, apiKey: are missing', ['apiUrl', 'sandboxUrl', 'apiKey']],
  ])('is not enough with %j', (connection, message, missing) => {
    expect(check(connection)).toThrow(message);
    expect(missingIn(connection)).toEqual(missing);
  });

  test.each([
    [{ service: 'nobody', apiKey: 'k' }, 'service: is none of e2b, '],
    [{ service: 'e2b', region: 'cn-hangzhou', apiKey: 'k' }, 'region: is nothing that this service has'],
    [{ service: 'custom', domain: 'https://x', apiKey: 'k' }, 'domain: is not a domain'],
    [{ service: 'custom', apiUrl: 'x', apiKey: 'k' }, 'apiUrl: must be an address'],
  ])('refuses %j', (connection, message) => {
    expect(check(connection)).toThrow(message);
  });

  test('is nothing in the debug mode', () => {
    expect(missingIn({ debug: true })).toEqual([]);
  });
});

describe('the environment', () => {
  test('gives E2B itself with a key alone', () => {
    expect(fromEnvironment({ E2B_API_KEY: ' k\n', E2B_DOMAIN: '' }, {})).toEqual({
      service: 'e2b',
      apiKey: 'k',
      template: 'code-interpreter-v1',
    });
  });

  test.each([{ E2B_DOMAIN: 'sandbox.example.com' }, { E2B_API_URL: 'http://a', E2B_SANDBOX_URL: 'http://b' }])(
    'gives a service of its own with %j',
    (variables) => {
      expect(fromEnvironment(variables, {})).toMatchObject({ service: 'custom', template: 'base' });
    },
  );

  test('leads a service that was chosen nowhere else', () => {
    const variables = { E2B_API_KEY: 'k', E2B_DOMAIN: 'sandbox.example.com' };
    expect(fromEnvironment(variables, { service: 'aliyun-fc', region: 'cn-hangzhou' })).toEqual({
      service: 'aliyun-fc',
      apiKey: 'k',
      template: 'code-interpreter-v1',
    });
  });
});
