import { describeConfig, parseProviderConfig, Secret } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { e2bProvider } from './e2b-provider-definition.ts';

const parse = (stored: object): unknown => parseProviderConfig(e2bProvider, stored);

describe('the configuration', () => {
  test('needs nothing, and is careful then', () => {
    expect(parse({})).toMatchObject({
      service: 'e2b',
      dialect: 'auto',
      way: 'auto',
      secure: true,
      programNetwork: 'none',
      allowInternetAccess: false,
      whenIdle: 'kill',
      warmSandboxes: 0,
      abandonedAfterMs: 300_000,
      debug: false,
    });
  });

  test.each([
    ['sandboxes', { sandboxes: 1 }],
    ['service', { service: 'nobodys' }],
    ['apiKey', { apiKey: ' ' }],
    ['region', { region: 'CN Hangzhou' }],
    ['domain', { domain: 'https://e2b.app' }],
    ['apiUrl', { apiUrl: 'api.e2b.app' }],
    ['apiUrl', { apiUrl: 'https://api.e2b.app?key=1' }],
    ['sandboxUrl', { sandboxUrl: 'ftp://sandboxes.example' }],
    ['way', { way: 'ssh' }],
    ['user', { user: 'user' }],
    ['user', { user: 'not a name', programNetwork: 'filtered' }],
    ['secure', { secure: false, programNetwork: 'sandbox' }],
    ['metadata', { metadata: { 'sandport-owner': 'me' } }],
    ['headers', { headers: { 'X Key': '1' } }],
    ['maxSandboxes', { sandboxUrl: 'http://localhost:3002', maxSandboxes: 181 }],
    ['maxSandboxes', { maxSandboxes: 0 }],
    ['abandonedAfterMs', { abandonedAfterMs: 29_999 }],
    ['serviceLifetimeMs', { serviceLifetimeMs: 86_400_001 }],
    ['maxLifetimeMs', { serviceLifetimeMs: 600_000, lifetimeMs: 500_000, maxLifetimeMs: 540_001 }],
    ['lifetimeMs', { lifetimeMs: 600_001, maxLifetimeMs: 600_000 }],
    ['requestTimeoutMs', { requestTimeoutMs: 999 }],
    ['proxy', { proxy: 'proxy.example:3128' }],
  ] as const)('names %s when it is refused: %j', (field, stored) => {
    const message: unknown = expect.stringContaining(field);
    expect(() => parse(stored)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', message }));
  });

  test.each([
    { user: 'user', programNetwork: 'filtered' },
    { secure: false, programNetwork: 'filtered' },
    { sandboxUrl: 'https://{port}-{sandbox}.sandboxes.example', maxSandboxes: 1000 },
    { sandboxUrl: 'http://localhost:3002/path', maxSandboxes: 180 },
    { domain: 'sandboxes.example:8443' },
    { metadata: { team: 'a b' }, headers: { 'X-Team': 'a' } },
  ])('takes %j', (stored) => {
    expect(parse(stored)).toMatchObject(stored);
  });

  test('keeps secrets as such, and says which fields are', () => {
    const config = parseProviderConfig(e2bProvider, { apiKey: 'k', accessToken: 't', proxy: 'http://a:b@p:1' });
    expect([config.apiKey, config.accessToken, config.proxy].every((value) => value instanceof Secret)).toBe(true);
    const fields = describeConfig(e2bProvider.configSchema);
    expect(fields.filter(({ secret }) => secret === true).map(({ name }) => name)).toEqual(['apiKey', 'accessToken', 'proxy']);
    expect(fields.every(({ label, help }) => label !== '' && help !== '')).toBe(true);
  });
});
