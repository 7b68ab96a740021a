import type { ProviderCapabilities } from '@sandport/core';
import type { SelfManagedProviderConfig } from './self-managed-provider-config.ts';

/** What an executor of ours can do at most. One whose own provider can do less refuses the rest, with the name of the field. */
export function selfManagedCapabilities(config: SelfManagedProviderConfig): ProviderCapabilities {
  return {
    languages: ['python', 'javascript'],
    javascriptRuntime: 'node',
    executionsPerSandbox: 'many',
    streamsOutput: true,
    stdin: true,
    contexts: true,
    richResults: true,
    lifetimes: true,
    reconnect: true,
    files: true,
    artifacts: true,
    environment: true,
    cancellation: true,
    network: ['none'],
    limits: { memory: true, processes: true, disk: true, cpus: true, openFiles: true },
    subprocesses: true,
    maxima: {
      timeoutMs: config.timeoutMs,
      outputBytes: config.maxOutputBytes,
      artifactCount: config.maxArtifactCount,
      artifactTotalBytes: config.maxArtifactTotalBytes,
      lifetimeMs: config.maxLifetimeMs,
    },
  };
}
