import { SandboxError } from '@sandport/core';
import {
  type ActiveConfiguration,
  type DatabaseKind,
  defaultKeyFile,
  describeKeySource,
  type KeySourceDescription,
  type MigrationState,
  migrationState,
  type SettingsLocation,
} from '@sandport/settings';
import type { CliContext } from '../cli-context.ts';
import { openSettingsDatabase, openStoredSettings } from './open-stored-settings.ts';

/** Something that could not be found out, and what to do about it. */
export interface Obstacle {
  readonly message: string;
  readonly suggestion: string | undefined;
}

/** How the settings are. */
export interface SettingsReport {
  readonly database: DatabaseKind;
  readonly location: string;
  readonly migrations: readonly MigrationState[];
  /** `undefined` while the tables are not those of this version. */
  readonly active: ActiveConfiguration | undefined;
  /** Where master keys come from, and their ids; `null` when no source is configured. */
  readonly keys: KeySourceDescription | Obstacle | null;
}

/**
 * Looks at the settings, whatever their tables are.
 *
 * @throws SandboxError when the database cannot be read.
 */
export async function reportSettings(context: CliContext, location: SettingsLocation): Promise<SettingsReport> {
  const { signal, environment } = context;
  const database = openSettingsDatabase(location, { create: false });
  let migrations: readonly MigrationState[];
  try {
    migrations = await migrationState(database, { signal });
  } finally {
    await database.close();
  }
  const areCurrent = migrations.every(({ isApplied, isKnown }) => isApplied && isKnown);
  return {
    database: database.kind,
    location: database.location,
    migrations,
    active: areCurrent ? await readActive(context, location) : undefined,
    keys: await settled(signal, () => describeKeySource({ environment, defaultKeyFile: defaultKeyFile(location), signal })),
  };
}

/** Secret fields in the rows in use that are not sealed, as `row field`. */
export function clearSecretsOf({ providers }: ActiveConfiguration): string[] {
  return providers.flatMap(({ id, secrets }) =>
    Object.entries(secrets).flatMap(([field, state]) => (state === 'clear' ? [`sandbox.${id} ${field}`] : [])),
  );
}

async function readActive(context: CliContext, location: SettingsLocation): Promise<ActiveConfiguration> {
  const settings = openStoredSettings(context, location);
  try {
    return await settings.configurations.active({ signal: context.signal });
  } finally {
    await settings.close();
  }
}

async function settled(
  signal: AbortSignal,
  read: () => Promise<KeySourceDescription | undefined>,
): Promise<KeySourceDescription | Obstacle | null> {
  try {
    return (await read()) ?? null;
  } catch (error) {
    if (signal.aborted || !SandboxError.isInstance(error)) throw error;
    return { message: error.message, suggestion: error.suggestion };
  }
}
