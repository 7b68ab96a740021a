import type { Passport, ProviderDefinition } from '@sandport/core';
import { tryConfiguration as tryStoredConfiguration } from '@sandport/preparation';
import type { StoredSettings } from '@sandport/settings';
import type { CliContext } from '../cli-context.ts';
import { ProgressLine } from '../terminal/progress-line.ts';
import { writeFinding } from './write-finding.ts';
import { writeProgress } from './write-progress.ts';

/** What is tried. */
export interface TrialOptions {
  readonly definition: ProviderDefinition;
  /** The version whose configuration is tried; `null` for the rows in use. */
  readonly version: number | null;
  /** @default the chosen cases of a preparation */
  readonly cases?: 'all' | readonly string[] | undefined;
  /** Nothing is said on the way. @default false */
  readonly isQuiet?: boolean | undefined;
}

/**
 * Tries a provider with its very configuration, and stores the passport, also of a trial that failed.
 *
 * @throws SandboxError `CONFIG_MISSING` or `CONFIG_INVALID` when there is nothing to try, `SECRET_UNREADABLE`, `CANCELLED`.
 */
export async function tryConfiguration(
  context: CliContext,
  settings: StoredSettings,
  { definition, version, cases, isQuiet = false }: TrialOptions,
): Promise<Passport> {
  using line = new ProgressLine(context);
  return await tryStoredConfiguration(settings, {
    definition,
    version,
    cases,
    signal: context.signal,
    prepare: context.prepareProvider,
    ...(isQuiet ? {} : { onProgress: writeProgress(line, definition.id), onFinding: writeFinding(context, line) }),
  });
}
