import { inspect } from 'node:util';
import { parseProviderConfig } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import type { E2bProviderConfig } from '../e2b-provider-config.ts';
import { e2bProvider } from '../e2b-provider-definition.ts';
import { checkSettings, describeSettings, resolveSettings } from './resolve-settings.ts';

const config = (stored: object = {}): E2bProviderConfig => parseProviderConfig(e2bProvider, stored);

const ENVIRONMENT = {
  E2B_API_KEY: 'e2b_of-the-environment',
  E2B_ACCESS_TOKEN: 'token-of-the-environment',
  E2B_DOMAIN: 'environment.example',
  E2B_API_URL: 'https://api-of-the-environment.example',
  E2B_SANDBOX_URL: 'https://sandboxes-of-the-environment.example',
  E2B_TEMPLATE: 'template-of-the-environment',
};

describe('resolveSettings', () => {
  test('knows the service that nothing is said of', () => {
    const settings = resolveSettings(config(), {});
    expect(settings).toMatchObject({
      domain: 'e2b.app',
      apiUrl: 'https://api.e2b.app',
      sandboxUrl: undefined,
      template: 'code-interpreter-v1',
      dialect: 'auto',
      likelyDialect: 'v2',
    });
    expect([settings.apiKey, settings.accessToken, settings.proxy]).toEqual([undefined, undefined, undefined]);
  });

  test('takes from the environment what is not stored', () => {
    const settings = resolveSettings(config(), ENVIRONMENT);
    expect(settings).toMatchObject({
      domain: 'environment.example',
      apiUrl: 'https://api-of-the-environment.example',
      sandboxUrl: 'https://sandboxes-of-the-environment.example',
      template: 'template-of-the-environment',
    });
    expect(settings.apiKey?.reveal()).toBe('e2b_of-the-environment');
    expect(settings.accessToken?.reveal()).toBe('token-of-the-environment');
  });

  test('prefers what is stored', () => {
    const stored = {
      apiKey: 'e2b_stored',
      domain: 'stored.example',
      apiUrl: 'https://stored.example',
      sandboxUrl: 'http://s',
      template: 'mine',
    };
    const settings = resolveSettings(config(stored), ENVIRONMENT);
    expect(settings).toMatchObject({
      domain: 'stored.example',
      apiUrl: 'https://stored.example',
      sandboxUrl: 'http://s',
      template: 'mine',
    });
    expect(settings.apiKey?.reveal()).toBe('e2b_stored');
  });

  test('does not put a stored key together with a token of the environment, nor the other way round', () => {
    expect(resolveSettings(config({ apiKey: 'e2b_stored' }), ENVIRONMENT).accessToken).toBeUndefined();
    expect(resolveSettings(config({ accessToken: 'stored' }), ENVIRONMENT).apiKey).toBeUndefined();
  });

  test('takes a variable that is empty, or blank, for none', () => {
    expect(resolveSettings(config(), { E2B_API_KEY: '', E2B_DOMAIN: '  ' })).toMatchObject({ apiKey: undefined, domain: 'e2b.app' });
  });

  test('does not lead a service that was chosen elsewhere by addresses of the environment', () => {
    const settings = resolveSettings(config({ service: 'aliyun-fc', region: 'cn-hangzhou' }), ENVIRONMENT);
    expect(settings).toMatchObject({
      domain: 'cn-hangzhou.e2b.fc.aliyuncs.com',
      apiUrl: 'https://api.cn-hangzhou.e2b.fc.aliyuncs.com',
      sandboxUrl: undefined,
      dialect: 'auto',
      likelyDialect: 'v1',
    });
    expect(settings.apiKey?.reveal()).toBe('e2b_of-the-environment');
  });

  test('prefers the dialect that is stored to that of the service', () => {
    expect(resolveSettings(config({ service: 'aliyun-fc', dialect: 'v2' }), {}).dialect).toBe('v2');
  });
});

describe('checkSettings', () => {
  const checked = (stored: object, environment: Record<string, string> = {}): void =>
    checkSettings(resolveSettings(config(stored), environment), config(stored), environment);

  const shared = { apiKey: 'k', service: 'custom', apiUrl: 'http://localhost:3000', sandboxUrl: 'http://localhost:3002' };

  test.each([
    [{ ...shared, maxSandboxes: 20 }, { E2B_ENVD_RPC_CONNECTIONS: '19' }],
    [{ ...shared, maxSandboxes: 1 }, { E2B_ENVD_RPC_CONNECTIONS: 'many' }],
    [{ ...shared, sandboxUrl: undefined, maxSandboxes: 181 }, { E2B_SANDBOX_URL: 'http://localhost:3002' }],
  ])('refuses more sandboxes than one address can carry: %j, %j', (stored, environment) => {
    expect(() => checked(stored, environment)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', details: { field: 'maxSandboxes' } }),
    );
  });

  test.each([
    { ...shared, way: 'code-interpreter' },
    { ...shared, sandboxUrl: 'http://{sandbox}.localhost:3002' },
  ])('leaves as many as are wanted where each has an address or needs no stream: %j', (stored) => {
    expect(() => checked({ ...stored, maxSandboxes: 100 }, { E2B_ENVD_RPC_CONNECTIONS: '2' })).not.toThrow();
  });

  test.each([
    ['apiKey', {}, 'E2B_API_KEY'],
    ['domain', { apiKey: 'k', service: 'custom' }, 'E2B_DOMAIN'],
    ['domain', { apiKey: 'k', service: 'aliyun-fc' }, 'E2B_DOMAIN'],
    ['sandboxUrl', { apiKey: 'k', service: 'custom', apiUrl: 'http://localhost:3000' }, 'E2B_SANDBOX_URL'],
  ] as const)('names %s when it is missing of %j', (field, stored, variable) => {
    expect(() => checked(stored)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_MISSING',
        details: { field },
        message: expect.stringContaining(variable) as unknown,
        suggestion: expect.stringContaining(`"${field}"`) as unknown,
      }),
    );
  });

  test.each([
    { apiKey: 'k' },
    { accessToken: 't' },
    { apiKey: 'k', service: 'custom', domain: 'sandboxes.example' },
    { apiKey: 'k', service: 'custom', apiUrl: 'http://localhost:3000', sandboxUrl: 'http://localhost:3002' },
    { apiKey: 'k', service: 'tencent-ags', region: 'ap-guangzhou' },
    { debug: true },
  ])('is content with %j', (stored) => {
    expect(() => checked(stored)).not.toThrow();
  });
});

describe('describeSettings', () => {
  test('says where each setting comes from, and shows no secret', () => {
    const described = describeSettings(config({ apiKey: 'e2b_secret', domain: 'stored.example' }), {
      E2B_TEMPLATE: 'mine',
      E2B_ACCESS_TOKEN: 'secret',
    });
    expect(described).toEqual([
      { name: 'apiKey', origin: { kind: 'stored' }, value: null },
      { name: 'accessToken', origin: { kind: 'missing' }, value: null },
      { name: 'domain', origin: { kind: 'stored' }, value: 'stored.example' },
      { name: 'apiUrl', origin: { kind: 'derived' }, value: 'https://api.stored.example' },
      { name: 'sandboxUrl', origin: { kind: 'missing' }, value: null },
      { name: 'template', origin: { kind: 'environment', variable: 'E2B_TEMPLATE' }, value: 'mine' },
    ]);
  });

  test('settings do not show their secrets either', () => {
    const settings = resolveSettings(config({ apiKey: 'e2b_hidden', proxy: 'http://name:hidden@proxy.example:1' }), {});
    expect(inspect(settings, { depth: 9, showHidden: true }) + JSON.stringify(settings)).not.toContain('hidden');
  });
});
