import type { ProviderCapabilities } from '@sandport/core';

/** What a provider can do that can do everything. */
export const FULL_CAPABILITIES: ProviderCapabilities = {
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
  maxima: { timeoutMs: 600_000, lifetimeMs: 3_600_000 },
};
