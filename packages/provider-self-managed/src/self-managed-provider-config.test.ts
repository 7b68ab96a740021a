import { createProvider, describeConfig, parseProviderConfig } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { selfManagedProvider, selfManagedProviderConfigSchema } from './index.ts';

const endpoint = 'https://executor.example:9385/sandport/';
const CERTIFICATE = '-----BEGIN CERTIFICATE-----';

describe('the configuration', () => {
  test('needs an address and nothing else', () => {
    expect(parseProviderConfig(selfManagedProvider, { endpoint })).toMatchObject({
      endpoint,
      endpoints: [],
      protocol: 'auto',
      maxRetries: 3,
    });
  });

  test("is what RAGFlow's stored row becomes", () => {
    expect(parseProviderConfig(selfManagedProvider, { endpoint: 'http://sandbox-executor-manager:9385', timeoutMs: 30_000 })).toMatchObject(
      {
        timeoutMs: 30_000,
      },
    );
  });

  test.each([
    ['no address', {}, 'endpoint'],
    ['another scheme', { endpoint: 'ftp://a' }, 'endpoint'],
    ['a user in the address', { endpoint: 'http://user:secret@a' }, 'endpoint'],
    ['a query', { endpoint: 'http://a/?b=c' }, 'endpoint'],
    ['a wrong further address', { endpoint, endpoints: ['a'] }, 'endpoints.0'],
    ['a token with a line end', { endpoint, token: 'a\r\nX: y' }, 'token'],
    ['a certificate without its key', { endpoint, tlsCert: CERTIFICATE }, 'tlsKey'],
    ['a key without its certificate', { endpoint, tlsKey: '-----BEGIN PRIVATE KEY-----' }, 'tlsCert'],
    ['a protocol that nobody speaks', { endpoint, protocol: 'gopher' }, 'protocol'],
    ['a field that is none', { endpoint, proxy: 'http://p' }, 'proxy'],
  ])('refuses %s', (_name, config, field) => {
    expect(thrownBy(() => createProvider(selfManagedProvider, config))).toMatchObject({ code: 'CONFIG_INVALID', details: { field } });
  });

  test('describes its fields, and keeps two of them secret', () => {
    const fields = describeConfig(selfManagedProviderConfigSchema);
    expect(fields.filter(({ secret }) => secret).map(({ name }) => name)).toEqual(['token', 'tlsKey']);
  });
});

function thrownBy(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error;
  }
}
