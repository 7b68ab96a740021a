import { describeConfig } from '@sandport/core';
import { aliyunProviderConfigSchema } from '@sandport/provider-aliyun';
import { describe, expect, test } from 'vitest';
import { checkConnection, secretFieldsOf, type Connection } from '../connection/connection-form.ts';
import { ALIYUN_FORM, OFFICIAL_REGIONS } from './connection.ts';

const { fields, fromEnvironment } = ALIYUN_FORM;
const KEY = { accessKeyId: 'k', accessKeySecret: 's', accountId: '12345' };
const helpOf = (name: string): string => describeConfig(aliyunProviderConfigSchema).find((field) => field.name === name)?.help ?? '';
const check = (connection: Connection) => (): void => checkConnection(ALIYUN_FORM, connection, ({ name }) => `Mend ${name}.`);

describe('what is asked for', () => {
  test('has the secrets, the variables and the regions that the provider names', () => {
    const secrets = describeConfig(aliyunProviderConfigSchema).filter(({ secret }) => secret);
    expect(secrets.map(({ name }) => name)).toEqual(secretFieldsOf(ALIYUN_FORM));
    for (const { name, variables } of fields) expect(helpOf(name)).toContain(variables.join(', then '));
    expect(helpOf('region')).toContain(`One of ${OFFICIAL_REGIONS.join(', ')};`);
  });

  test('is another region with both endpoints only', () => {
    const [controlEndpoint, dataEndpoint] = ['control.example', 'data.example'];
    expect(check({ ...KEY, region: 'eu-central-1', controlEndpoint, dataEndpoint })).not.toThrow();
    expect(check({ ...KEY, region: 'eu-central-1', controlEndpoint })).toThrow('is none that AgentRun is known to have');
    for (const region of OFFICIAL_REGIONS) expect(check({ ...KEY, region })).not.toThrow();
  });

  test('is refused without repeating it', () => {
    expect(check({ ...KEY, accountId: 'secret-4711' })).toThrow(
      expect.objectContaining({ code: 'REQUEST_INVALID', message: 'accountId: must be digits. Nothing was stored.' }),
    );
  });
});

describe('the environment', () => {
  test('gives a key of one family, without space around it, and the defaults of the provider', () => {
    const environment = { AGENTRUN_ACCESS_KEY_ID: 'half', ALIBABA_CLOUD_ACCESS_KEY_ID: ' whole ', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 's\n' };
    expect(fromEnvironment({ ...environment, AGENTRUN_SECURITY_TOKEN: 'of the half', AGENTRUN_REGION: ' ' }, {})).toEqual({
      accessKeyId: 'whole',
      accessKeySecret: 's',
      region: 'cn-hangzhou',
      templateName: 'sandport-code-interpreter',
    });
  });

  test('has a secret also where its key is missing, so that only the key is told as missing', () => {
    expect(fromEnvironment({ ALIBABA_CLOUD_ACCESS_KEY_SECRET: 's' }, {})).toMatchObject({ accessKeySecret: 's' });
  });
});
