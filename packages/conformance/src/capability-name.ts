import type { ProviderCapabilities } from '@sandport/core';

const declared = {
  artifacts: (capabilities) => capabilities.artifacts,
  cancellation: (capabilities) => capabilities.cancellation,
  environment: (capabilities) => capabilities.environment,
  files: (capabilities) => capabilities.files,
  'limits.disk': (capabilities) => capabilities.limits.disk,
  'limits.memory': (capabilities) => capabilities.limits.memory,
  'limits.processes': (capabilities) => capabilities.limits.processes,
  streamsOutput: (capabilities) => capabilities.streamsOutput,
  subprocesses: (capabilities) => capabilities.subprocesses,
} as const satisfies Record<string, (capabilities: ProviderCapabilities) => boolean>;

/** What a case may need of a provider, by the path of the field in `ProviderCapabilities`. */
export type CapabilityName = keyof typeof declared;

/** Whether a provider declares a capability. */
export function declaresCapability(capabilities: ProviderCapabilities, name: CapabilityName): boolean {
  return declared[name](capabilities);
}
