import type { ProviderCapabilities } from '@sandport/core';
import type { DockerProviderConfig } from './docker-provider-config.ts';

/** What this provider can do under a configuration. */
export function dockerCapabilities(config: DockerProviderConfig): ProviderCapabilities {
  return {
    languages: ['python', 'javascript'],
    executionsPerSandbox: 'one',
    streamsOutput: true,
    files: true,
    artifacts: true,
    environment: true,
    cancellation: true,
    network: ['none'],
    limits: { memory: true, processes: true, disk: true },
    subprocesses: true,
    maxima: {
      timeoutMs: config.maxTimeoutMs,
      memoryBytes: config.maxMemoryBytes,
      processes: config.maxProcesses,
      diskBytes: config.maxDiskBytes,
    },
  };
}
