import type { ProviderCapabilities } from '@sandport/core';
import type { WasmProviderConfig } from './wasm-provider-config.ts';

/** What this provider can do under a configuration. */
export function wasmCapabilities(config: WasmProviderConfig): ProviderCapabilities {
  return {
    languages: ['python', 'javascript'],
    javascriptRuntime: 'ecmascript',
    executionsPerSandbox: 'one',
    streamsOutput: true,
    stdin: true,
    contexts: false,
    richResults: false,
    lifetimes: true,
    reconnect: false,
    files: true,
    artifacts: true,
    environment: true,
    cancellation: true,
    network: ['none'],
    limits: { memory: true, processes: false, disk: true, cpus: false, openFiles: true },
    subprocesses: false,
    maxima: {
      timeoutMs: config.maxTimeoutMs,
      memoryBytes: config.maxMemoryBytes,
      diskBytes: config.maxDiskBytes,
      openFiles: config.maxOpenFiles,
      outputBytes: config.maxOutputBytes,
      artifactCount: config.maxArtifactCount,
      artifactTotalBytes: config.maxArtifactTotalBytes,
      lifetimeMs: config.maxLifetimeMs,
    },
  };
}
