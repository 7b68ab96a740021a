import type { ProviderCapabilities } from '@sandport/core';
import type { E2bProviderConfig } from './e2b-provider-config.ts';

/** What this provider can do under a configuration, in both ways into a sandbox. Memory, processors and disk are those of the template, which no sandbox can change. */
export function e2bCapabilities(config: E2bProviderConfig): ProviderCapabilities {
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
    limits: { memory: false, processes: false, disk: false, cpus: false, openFiles: false },
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
