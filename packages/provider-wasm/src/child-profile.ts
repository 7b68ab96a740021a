import type { CreateSandboxOptions, Language, SandboxLimits } from '@sandport/core';
import type { WasmProviderConfig } from './wasm-provider-config.ts';

/** What distinguishes one kind of child process from another within a provider. */
export interface ChildProfile {
  readonly language: Language;
  readonly limits: Required<{ readonly [Name in 'memoryBytes' | 'diskBytes' | 'openFiles']: NonNullable<SandboxLimits[Name]> }>;
}

/** The profile that a sandbox needs: its own limits, and the configured ones for the rest. */
export function childProfile(
  config: WasmProviderConfig,
  { language, limits = {} }: Pick<CreateSandboxOptions, 'language' | 'limits'>,
): ChildProfile {
  return {
    language,
    limits: {
      memoryBytes: limits.memoryBytes ?? config.memoryBytes,
      diskBytes: limits.diskBytes ?? config.diskBytes,
      openFiles: limits.openFiles ?? config.openFiles,
    },
  };
}

/** A text that is equal exactly for equal profiles. */
export function profileKey({ language, limits }: ChildProfile): string {
  return [language, limits.memoryBytes, limits.diskBytes, limits.openFiles].join('/');
}
