import type { ProviderCapabilities } from '@sandport/core';

/** What a configuration says of how far runs may go: {@link remoteSandboxFields}. */
export interface RemoteMaxima {
  readonly timeoutMs: number;
  readonly maxOutputBytes: number;
  readonly maxArtifactCount: number;
  readonly maxArtifactTotalBytes: number;
  readonly maxLifetimeMs: number;
}

/** What our supervisor can do in a sandbox of a service. Memory, processors and disk are those that the service gives it, which no sandbox can change. */
export function remoteCapabilities(config: RemoteMaxima, { reconnect }: { readonly reconnect: boolean }): ProviderCapabilities {
  return {
    languages: ['python', 'javascript'],
    javascriptRuntime: 'node',
    executionsPerSandbox: 'many',
    streamsOutput: true,
    stdin: true,
    contexts: true,
    richResults: true,
    lifetimes: true,
    reconnect,
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
