import { parseConfigText } from '@sandport/client';
import { configDigest, providerConfigSetting, SandboxError, type Passport, type ProviderDefinition } from '@sandport/core';
import type { StoredSettings } from '@sandport/settings';
import type { CliContext } from '../cli-context.ts';
import { writeFinding } from './write-finding.ts';
import { writeProgress } from './write-progress.ts';

/** Every case there is takes minutes. */
const ALL_CASES_DEADLINE_MS = 3_600_000;

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
  const { signal } = context;
  const row = providerConfigSetting(definition.id);
  const rows =
    version === null ? await settings.read([row], { signal }) : await settings.configurations.readVersion(version, [row], { signal });
  const text = rows.get(row)?.value;
  if (text === undefined) throw notConfigured(definition.id, version);
  const stored = parseConfigText(row, text);
  const passport = await context.prepareProvider({
    definition,
    config: await settings.unseal(row, stored, { signal }),
    configDigest: configDigest(stored),
    ...(cases === undefined ? {} : { cases }),
    ...(cases === 'all' ? { deadlineMs: ALL_CASES_DEADLINE_MS } : {}),
    signal,
    ...(isQuiet ? {} : { onProgress: writeProgress(context, definition.id), onFinding: writeFinding(context) }),
  });
  await settings.configurations.savePassport(passport, { signal });
  return passport;
}

function notConfigured(id: string, version: number | null): SandboxError {
  const where = version === null ? 'in use' : `version ${version}`;
  return new SandboxError('CONFIG_MISSING', `The configuration ${where} has none of the provider "${id}".`, {
    providerId: id,
    operation: 'tryConfiguration',
    suggestion: `Store one with \`sandport config set ${id} KEY=VALUE\` or \`sandport config use ${id}\`.`,
  });
}
