import { defineProvider, type ProviderDefinition, type SandboxProvider } from '@sandport/core';
import { PROVIDER_ID } from './new-cloud-errors.ts';
import { newCloudProviderConfigSchema, type NewCloudProviderConfig } from './new-cloud-provider-config.ts';
import { NewCloudProvider } from './new-cloud-provider.ts';
import { LocalService } from './service/local-service.ts';

/** Makes a provider from a checked configuration, without I/O. */
export function createNewCloudProvider(config: NewCloudProviderConfig): SandboxProvider {
  return new NewCloudProvider(config, new LocalService(config.pythonPath));
}

/** The provider, as an application lists it. */
export const newCloudProvider: ProviderDefinition<typeof newCloudProviderConfigSchema> = defineProvider({
  id: PROVIDER_ID,
  displayName: 'New Cloud',
  description:
    'Runs Python and JavaScript as processes of this machine, which separates nothing from it, until a service takes their place.',
  tags: ['unisolated'],
  languages: ['python', 'javascript'],
  configSchema: newCloudProviderConfigSchema,
  create: createNewCloudProvider,
});
