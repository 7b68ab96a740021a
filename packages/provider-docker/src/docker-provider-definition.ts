import { defineProvider, type ProviderDefinition, type SandboxProvider } from '@sandport/core';
import { dockerProviderConfigSchema, type DockerProviderConfig } from './docker-provider-config.ts';
import { DockerProvider } from './docker-provider.ts';

/** Makes a provider from a checked configuration, without I/O. */
export function createDockerProvider(config: DockerProviderConfig): SandboxProvider {
  return new DockerProvider(config);
}

/** Self-managed Docker with gVisor, as an application lists it. */
export const dockerProvider: ProviderDefinition<typeof dockerProviderConfigSchema> = defineProvider({
  id: 'docker',
  displayName: 'Docker with gVisor',
  description: 'Runs code in warm containers of your own Docker engine, on a kernel of their own (gVisor), each for one sandbox only.',
  tags: ['self-hosted', 'gvisor', 'containers'],
  languages: ['python', 'javascript'],
  configSchema: dockerProviderConfigSchema,
  create: createDockerProvider,
});
