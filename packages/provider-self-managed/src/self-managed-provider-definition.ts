import { defineProvider, type ProviderDefinition, type SandboxProvider } from '@sandport/core';
import { PROVIDER_ID } from './self-managed-errors.ts';
import { selfManagedProviderConfigSchema, type SelfManagedProviderConfig } from './self-managed-provider-config.ts';
import { SelfManagedProvider } from './self-managed-provider.ts';

/** Makes a provider from a checked configuration, without I/O. */
export function createSelfManagedProvider(config: SelfManagedProviderConfig): SandboxProvider {
  return new SelfManagedProvider(config);
}

/** Sandboxes of an executor of one's own, as an application lists them. */
export const selfManagedProvider: ProviderDefinition<typeof selfManagedProviderConfigSchema> = defineProvider({
  id: PROVIDER_ID,
  displayName: 'Executor of your own',
  description:
    "Runs Python and JavaScript through an executor service on another machine of yours, over HTTP: one of Sandport, or RAGFlow's executor manager.",
  tags: ['remote', 'self-hosted'],
  languages: ['python', 'javascript'],
  configSchema: selfManagedProviderConfigSchema,
  create: (config) => createSelfManagedProvider(config),
});
