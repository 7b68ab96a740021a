import { defineProvider, type ProviderDefinition, type SandboxProvider } from '@sandport/core';
import { aliyunProviderConfigSchema, type AliyunProviderConfig } from './aliyun-provider-config.ts';
import { AliyunProvider, type AliyunProviderOptions } from './aliyun-provider.ts';
import { PROVIDER_ID } from './aliyun-errors.ts';

/** Makes a provider from a checked configuration, without I/O. */
export function createAliyunProvider(config: AliyunProviderConfig, options?: AliyunProviderOptions): SandboxProvider {
  return new AliyunProvider(config, options);
}

/** Sandboxes of Alibaba Cloud's AgentRun, as an application lists them. */
export const aliyunProvider: ProviderDefinition<typeof aliyunProviderConfigSchema> = defineProvider({
  id: PROVIDER_ID,
  displayName: 'Alibaba Cloud AgentRun Code Interpreter',
  description:
    'Runs Python and JavaScript in sandboxes of AgentRun, a service of Alibaba Cloud that is paid by use. Needs an account and an access key.',
  tags: ['remote', 'cloud'],
  languages: ['python', 'javascript'],
  configSchema: aliyunProviderConfigSchema,
  create: (config) => createAliyunProvider(config),
});
