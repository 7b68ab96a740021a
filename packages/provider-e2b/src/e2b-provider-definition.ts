import { defineProvider, type ProviderDefinition, type SandboxProvider } from '@sandport/core';
import { e2bProviderConfigSchema, type E2bProviderConfig } from './e2b-provider-config.ts';
import { E2bProvider, type E2bProviderOptions } from './e2b-provider.ts';
import { PROVIDER_ID } from './e2b-errors.ts';

/** Makes a provider from a checked configuration, without I/O. */
export function createE2bProvider(config: E2bProviderConfig, options?: E2bProviderOptions): SandboxProvider {
  return new E2bProvider(config, options);
}

/** Sandboxes of E2B and of the services that speak its protocol, as an application lists them. */
export const e2bProvider: ProviderDefinition<typeof e2bProviderConfigSchema> = defineProvider({
  id: PROVIDER_ID,
  displayName: 'E2B and compatible services',
  description:
    'Runs Python and JavaScript in sandboxes of E2B, of a cloud that speaks its protocol (Alibaba Cloud, Tencent Cloud), or of your own installation. Needs an API key.',
  tags: ['remote', 'cloud'],
  languages: ['python', 'javascript'],
  configSchema: e2bProviderConfigSchema,
  create: (config) => createE2bProvider(config),
});
