import { describeConfig } from '@sandport/core';
import { aliyunProviderConfigSchema } from '@sandport/provider-aliyun';
import { describe, expect, test } from 'vitest';
import {
  checkConnection,
  CONNECTION_FIELDS,
  findRegionProblem,
  OFFICIAL_REGIONS,
  SECRET_FIELDS,
  VARIABLES_OF_FIELD,
} from './connection.ts';
import { environmentConnection } from './environment-connection.ts';

const helpOf = (name: string): string => describeConfig(aliyunProviderConfigSchema).find((field) => field.name === name)?.help ?? '';

describe('what is asked for', () => {
  test('has the secrets, the variables and the regions that the provider names', () => {
    const secrets = describeConfig(aliyunProviderConfigSchema).filter(({ secret }) => secret);
    expect(secrets.map(({ name }) => name)).toEqual(SECRET_FIELDS);
    for (const name of CONNECTION_FIELDS) expect(helpOf(name)).toContain(VARIABLES_OF_FIELD[name].join(', then '));
    expect(helpOf('region')).toContain(`One of ${OFFICIAL_REGIONS.join(', ')};`);
  });

  test('is another region with both endpoints only', () => {
    const [controlEndpoint, dataEndpoint] = ['control.example', 'data.example'];
    expect(findRegionProblem({ region: 'eu-central-1', controlEndpoint, dataEndpoint })).toBeUndefined();
    expect(findRegionProblem({ region: 'eu-central-1', controlEndpoint })).toContain('is none that AgentRun is known to have');
    expect(OFFICIAL_REGIONS.map((region) => findRegionProblem({ region }))).toEqual(OFFICIAL_REGIONS.map(() => undefined));
  });

  test('is refused without repeating it', () => {
    const refuse = () => checkConnection({ accessKeyId: 'k', accessKeySecret: 's', accountId: 'secret-4711' }, (name) => `Mend ${name}.`);
    expect(refuse).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID', message: 'accountId: must be digits. Nothing was stored.' }));
  });
});

describe('the environment', () => {
  test('gives a key of one family, without space around it, and the defaults of the provider', () => {
    const environment = { AGENTRUN_ACCESS_KEY_ID: 'half', ALIBABA_CLOUD_ACCESS_KEY_ID: ' whole ', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 's\n' };
    expect(environmentConnection({ ...environment, AGENTRUN_SECURITY_TOKEN: 'of the half', AGENTRUN_REGION: ' ' })).toEqual({
      accessKeyId: 'whole',
      accessKeySecret: 's',
      region: 'cn-hangzhou',
      templateName: 'sandport-code-interpreter',
    });
  });

  test('has a secret also where its key is missing, so that only the key is told as missing', () => {
    expect(environmentConnection({ ALIBABA_CLOUD_ACCESS_KEY_SECRET: 's' })).toMatchObject({ accessKeySecret: 's' });
  });
});
