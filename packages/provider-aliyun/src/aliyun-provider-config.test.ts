import { createProvider, describeConfig } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { aliyunProvider } from './aliyun-provider-definition.ts';
import { aliyunProviderConfigSchema } from './aliyun-provider-config.ts';

/** As vitest's own, whose type is `any`. */
const containing = (text: string): unknown => expect.stringContaining(text);

describe('the configuration', () => {
  test('describes each of its fields, and marks secrets', () => {
    const fields = describeConfig(aliyunProviderConfigSchema);
    expect(fields.every(({ label, help }) => label !== '' && help.length > 10)).toBe(true);
    expect(fields.filter(({ secret }) => secret).map(({ name }) => name)).toEqual(['accessKeySecret', 'securityToken']);
  });

  test('takes the row that RAGFlow users bring', () => {
    const row = { accessKeyId: 'LTAI5tExample', accessKeySecret: 's', accountId: '1234567890', region: 'cn-beijing', timeoutMs: 25_000 };
    expect(createProvider(aliyunProvider, row).capabilities.maxima.timeoutMs).toBe(25_000);
  });

  test.each([
    [{ accessKeyId: 'LTAI' }, 'accessKeySecret'],
    [{ accessKeySecret: 's' }, 'accessKeyId'],
    [{ accountId: 'me' }, 'accountId'],
    [{ region: 'Hangzhou!' }, 'region'],
    [{ templateName: 'a b' }, 'templateName'],
    [{ timeoutMs: 10 }, 'timeoutMs'],
    [{ networkMode: 'PRIVATE' }, 'vpcId'],
    [{ dataEndpoint: 'ftp://x' }, 'dataEndpoint'],
    [{ dataEndpoint: 'https://x/path' }, 'dataEndpoint'],
    [{ somethingElse: 1 }, 'config'],
  ])('refuses %j and names the field', (config, field) => {
    expect(() => createProvider(aliyunProvider, config)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: containing(field) }),
    );
  });
});
