import { parseProviderConfig } from '@sandport/core';
import type { FakeAccessKey, FakeAgentRun } from '@sandport/fakes';
import { aliyunProvider, type AliyunProviderConfig } from '../src/index.ts';

/** A configuration that reaches a fake, as an operator would store it. */
export function storedConfig(fake: FakeAgentRun, changes: object = {}, key: FakeAccessKey = fake.account): object {
  const { accountId, accessKeyId, accessKeySecret, securityToken } = key;
  return {
    accountId,
    accessKeyId,
    accessKeySecret,
    ...(securityToken === undefined ? {} : { securityToken }),
    region: fake.region,
    controlEndpoint: fake.url,
    dataEndpoint: fake.url,
    // Only root can give programs a user of their own, and only Linux has the filter.
    ...(process.getuid?.() === 0 ? {} : { programNetwork: process.platform === 'linux' ? 'filtered' : 'template' }),
    ...changes,
  };
}

/** The same, checked and completed. */
export function configOf(fake: FakeAgentRun, changes: object = {}, key?: FakeAccessKey): AliyunProviderConfig {
  return parseProviderConfig(aliyunProvider, storedConfig(fake, changes, key));
}
