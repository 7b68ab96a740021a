import { selectCases } from '@sandport/conformance';
import type { JsonObject, Passport, ProviderDefinition, SettingsCallOptions } from '@sandport/core';
import { prepareProvider } from './prepare-provider.ts';
import type { PreparationOptions } from './preparation-options.ts';

/** Every case there is takes minutes. */
const ALL_CASES_DEADLINE_MS = 3_600_000;

/** What a trial of the usual cases may take. */
const USUAL_DEADLINE_MS = 180_000;

/** What a case that somebody chose may take more than the others. */
const CHOSEN_CASE_MS = 15_000;

/** What a trial needs of stored settings. */
export interface TrialSettings {
  /** The configuration that a version, or with `null` the rows in use, has for a provider: with secrets in the clear, and with the digest of what is stored. */
  openConfiguration(
    providerId: string,
    version: number | null,
    options?: SettingsCallOptions,
  ): Promise<{ readonly config: JsonObject; readonly configDigest: string }>;
  readonly configurations: { savePassport(passport: Passport, options?: SettingsCallOptions): Promise<void> };
}

/** What is tried, and who is told of it. */
export interface ConfigurationTrial extends Omit<PreparationOptions, 'config' | 'configDigest' | 'deadlineMs'> {
  /** The version whose configuration is tried; `null` for the rows in use. */
  readonly version: number | null;
  /** @default prepareProvider */
  readonly prepare?: typeof prepareProvider;
}

/**
 * Tries a provider with the very configuration that is stored of it, and stores the passport, also of a trial that failed. Chosen cases get more time, up to an hour.
 *
 * @throws SandboxError `CONFIG_MISSING` or `CONFIG_INVALID` when there is nothing to try, `SECRET_UNREADABLE`, and what `prepareProvider` throws.
 */
export async function tryConfiguration(
  settings: TrialSettings,
  { definition, version, prepare = prepareProvider, ...options }: ConfigurationTrial,
): Promise<Passport> {
  const { signal, cases } = options;
  const { config, configDigest } = await settings.openConfiguration(definition.id, version, { signal });
  const deadlineMs = deadlineFor(definition, cases);
  const passport = await prepare({ ...options, definition, config, configDigest, ...(deadlineMs === undefined ? {} : { deadlineMs }) });
  await settings.configurations.savePassport(passport, { signal });
  return passport;
}

function deadlineFor({ languages }: ProviderDefinition, cases: PreparationOptions['cases']): number | undefined {
  if (cases === undefined) return undefined;
  if (cases === 'all') return ALL_CASES_DEADLINE_MS;
  const chosen = selectCases([...cases]).filter(
    (each) => each.languages.length === 0 || each.languages.some((name) => languages.includes(name)),
  );
  return Math.min(ALL_CASES_DEADLINE_MS, USUAL_DEADLINE_MS + chosen.length * CHOSEN_CASE_MS);
}
