import { inspect } from 'node:util';
import { parseProviderConfig } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { aliyunProvider } from '../aliyun-provider-definition.ts';
import { describeSettings, resolveKey, resolveSettings } from './resolve-settings.ts';

const configOf = (stored: object) => parseProviderConfig(aliyunProvider, stored);
const KEY = { accessKeyId: 'LTAIstored', accessKeySecret: 'stored-secret' };

function keyOf(stored: object, environment: Record<string, string>): object {
  const { accessKeyId, accessKeySecret, securityToken } = resolveKey(configOf(stored), environment);
  return { accessKeyId, secret: accessKeySecret.reveal(), token: securityToken?.reveal() };
}

describe('resolveSettings', () => {
  test('derives both endpoints from account and region', () => {
    expect(resolveSettings(configOf({ accountId: '1431999136518149', region: 'cn-shanghai' }), {})).toEqual({
      accountId: '1431999136518149',
      region: 'cn-shanghai',
      templateName: 'sandport-code-interpreter',
      control: { protocol: 'https', host: 'agentrun.cn-shanghai.aliyuncs.com' },
      data: { protocol: 'https', host: '1431999136518149-ram.agentrun-data.cn-shanghai.aliyuncs.com' },
    });
  });

  test.each([
    ['http://127.0.0.1:8080', { protocol: 'http', host: '127.0.0.1:8080' }],
    ['https://gateway.example', { protocol: 'https', host: 'gateway.example' }],
    ['gateway.example:8443', { protocol: 'https', host: 'gateway.example:8443' }],
    [
      'https://1431999136518149.agentrun-data.cn-hangzhou.aliyuncs.com',
      { protocol: 'https', host: '1431999136518149-ram.agentrun-data.cn-hangzhou.aliyuncs.com' },
    ],
    [
      '1431999136518149-ram.agentrun-data.cn-hangzhou.aliyuncs.com',
      { protocol: 'https', host: '1431999136518149-ram.agentrun-data.cn-hangzhou.aliyuncs.com' },
    ],
    [
      '1431999136518149.agentrun-data-vpc.cn-hangzhou.aliyuncs.com',
      { protocol: 'https', host: '1431999136518149.agentrun-data-vpc.cn-hangzhou.aliyuncs.com' },
    ],
  ])('reads the data endpoint %s', (dataEndpoint, expected) => {
    expect(resolveSettings(configOf({ dataEndpoint }), {}).data).toEqual(expected);
  });

  test('looks into the environment only for what is not stored, and into the next variable only for what is empty', () => {
    const environment = {
      AGENTRUN_REGION: '',
      FC_REGION: 'cn-beijing',
      AGENTRUN_ACCOUNT_ID: '1111111111111111',
      FC_ACCOUNT_ID: '2222222222222222',
      AGENTRUN_TEMPLATE_NAME: 'of-the-environment',
      AGENTRUN_CONTROL_ENDPOINT: 'http://control.example',
    };
    const settings = resolveSettings(configOf({ templateName: 'stored' }), environment);
    expect(settings).toMatchObject({ region: 'cn-beijing', accountId: '1111111111111111', templateName: 'stored' });
    expect(settings.control).toEqual({ protocol: 'http', host: 'control.example' });
    expect(resolveSettings(configOf({}), {})).toMatchObject({ region: 'cn-hangzhou', data: undefined });
  });
});

describe('resolveKey', () => {
  const family = (prefix: string) => ({
    [`${prefix}_ACCESS_KEY_ID`]: `id-${prefix}`,
    [`${prefix}_ACCESS_KEY_SECRET`]: `secret-${prefix}`,
    [`${prefix}_SECURITY_TOKEN`]: `token-${prefix}`,
  });

  test('takes a stored key as a whole: no token of the environment joins it', () => {
    expect(keyOf(KEY, family('AGENTRUN'))).toEqual({ accessKeyId: 'LTAIstored', secret: 'stored-secret', token: undefined });
    expect(keyOf({ ...KEY, securityToken: 't' }, {})).toMatchObject({ token: 't' });
  });

  test('takes one family of variables, never half of each', () => {
    const both = { ...family('AGENTRUN'), ...family('ALIBABA_CLOUD') };
    expect(keyOf({}, both)).toEqual({ accessKeyId: 'id-AGENTRUN', secret: 'secret-AGENTRUN', token: 'token-AGENTRUN' });
    const { AGENTRUN_ACCESS_KEY_SECRET: _secret, ...half } = both;
    expect(keyOf({}, half)).toEqual({ accessKeyId: 'id-ALIBABA_CLOUD', secret: 'secret-ALIBABA_CLOUD', token: 'token-ALIBABA_CLOUD' });
  });

  test('names the field and the variables when there is none', () => {
    expect(() => resolveKey(configOf({}), { AGENTRUN_ACCESS_KEY_ID: 'x' })).toThrow(
      expect.objectContaining({ code: 'CONFIG_MISSING', details: { field: 'accessKeySecret' } }),
    );
  });
});

test('describeSettings says where each value comes from, and shows no secret', () => {
  const described = describeSettings(configOf({ ...KEY, accountId: '1111111111111111' }), {
    FC_REGION: 'cn-shenzhen',
    AGENTRUN_SECURITY_TOKEN: 'token',
  });
  expect(described).toEqual([
    { name: 'accessKeyId', origin: { kind: 'stored' }, value: 'LTAIstored' },
    { name: 'accessKeySecret', origin: { kind: 'stored' }, value: null },
    { name: 'securityToken', origin: { kind: 'missing' }, value: null },
    { name: 'accountId', origin: { kind: 'stored' }, value: '1111111111111111' },
    { name: 'region', origin: { kind: 'environment', variable: 'FC_REGION' }, value: 'cn-shenzhen' },
    { name: 'templateName', origin: { kind: 'default' }, value: 'sandport-code-interpreter' },
    { name: 'controlEndpoint', origin: { kind: 'derived' }, value: 'https://agentrun.cn-shenzhen.aliyuncs.com' },
    { name: 'dataEndpoint', origin: { kind: 'derived' }, value: 'https://1111111111111111-ram.agentrun-data.cn-shenzhen.aliyuncs.com' },
  ]);
  expect(inspect(described, { depth: 9 })).not.toContain('stored-secret');
});
