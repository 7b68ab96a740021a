import type { ProviderCapabilities } from '@sandport/core';
import type { DockerProviderConfig } from './docker-provider-config.ts';

/** What this provider can do under a configuration. */
export function dockerCapabilities(config: DockerProviderConfig): ProviderCapabilities {
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
      timeoutMs: config.maxTimeoutMs,
      memoryBytes: config.maxMemoryBytes,
      processes: config.maxProcesses,
      diskBytes: config.maxDiskBytes,
      cpus: config.maxCpus,
      openFiles: config.maxOpenFiles,
      outputBytes: config.maxOutputBytes,
      artifactCount: config.maxArtifactCount,
      artifactTotalBytes: config.maxArtifactTotalBytes,
      lifetimeMs: config.maxLifetimeMs,
    },
  };
}
