import type { ProviderCapabilities } from '@sandport/core';

const declared = {
  artifacts: (capabilities) => capabilities.artifacts,
  cancellation: (capabilities) => capabilities.cancellation,
  contexts: (capabilities) => capabilities.contexts,
  environment: (capabilities) => capabilities.environment,
  'executionsPerSandbox.many': (capabilities) => capabilities.executionsPerSandbox === 'many',
  files: (capabilities) => capabilities.files,
  lifetimes: (capabilities) => capabilities.lifetimes,
  'javascriptRuntime.node': (capabilities) => capabilities.javascriptRuntime === 'node',
  'limits.cpus': (capabilities) => capabilities.limits.cpus,
  'limits.disk': (capabilities) => capabilities.limits.disk,
  'limits.memory': (capabilities) => capabilities.limits.memory,
  'limits.openFiles': (capabilities) => capabilities.limits.openFiles,
  'limits.processes': (capabilities) => capabilities.limits.processes,
  reconnect: (capabilities) => capabilities.reconnect,
  richResults: (capabilities) => capabilities.richResults,
  stdin: (capabilities) => capabilities.stdin,
  streamsOutput: (capabilities) => capabilities.streamsOutput,
  subprocesses: (capabilities) => capabilities.subprocesses,
} as const satisfies Record<string, (capabilities: ProviderCapabilities) => boolean>;

/** What a case may need of a provider, by the path of the field in `ProviderCapabilities` (and its value, where it is no yes or no). */
export type CapabilityName = keyof typeof declared;

/** Whether a provider declares a capability. */
export function declaresCapability(capabilities: ProviderCapabilities, name: CapabilityName): boolean {
  return declared[name](capabilities);
}
