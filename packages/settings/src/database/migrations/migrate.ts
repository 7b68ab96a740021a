import { SandboxError, type SettingsCallOptions } from '@sandport/core';
import type { SettingsDatabase } from '../settings-database.ts';
import { unknownMigrations } from './schema-mismatch.ts';

/** Stands for the state before the first migration. */
export const NO_MIGRATION = 'none';

/** One migration of a database. */
export interface MigrationState {
  /** For example `0001-tables`. */
  readonly name: string;
  readonly isApplied: boolean;
  /** Whether this version of Sandport has it. */
  readonly isKnown: boolean;
}

/** Another process may be at it, and tables with many rows take their time. */
const MIGRATION_TIMEOUT_MS = 60_000;

/**
 * Makes the tables those of this version. Several processes may call it at once, and again after one that ended half way.
 *
 * @returns the names of the migrations that this call carried out.
 * @throws SandboxError `SETTINGS_SCHEMA_MISMATCH` when the database was written by a newer version.
 */
export async function migrateUp(database: SettingsDatabase, options: SettingsCallOptions = {}): Promise<readonly string[]> {
  const place = { location: database.location, operation: 'migrateSettings' };
  const { compareMigrations } = await import('./applied-migrations.ts');
  const { createMigrator, namesOf } = await import('./migrator.ts');
  return database.read({ ...options, operation: place.operation, anySchema: true, timeoutMs: MIGRATION_TIMEOUT_MS }, async (tables) => {
    const { unknown } = await compareMigrations(tables);
    if (unknown.length > 0) throw unknownMigrations(place, unknown);
    const migrator = await createMigrator(tables);
    return namesOf(await migrator.migrateToLatest());
  });
}

/**
 * Undoes every migration after `target`, with what their tables held; `system_settings` always stays, and with it the configuration in use.
 *
 * @param target name of the last migration that stays, or {@link NO_MIGRATION}.
 * @returns the names of the migrations that this call undid.
 * @throws SandboxError `REQUEST_INVALID` when the target is not an applied migration; `SETTINGS_SCHEMA_MISMATCH` when the database was written by a newer version.
 */
export async function migrateDown(
  database: SettingsDatabase,
  target: string,
  options: SettingsCallOptions = {},
): Promise<readonly string[]> {
  const place = { location: database.location, operation: 'migrateSettings' };
  const { NO_MIGRATIONS } = await import('kysely');
  const { compareMigrations } = await import('./applied-migrations.ts');
  const { createMigrator, namesOf } = await import('./migrator.ts');
  return database.read({ ...options, operation: place.operation, anySchema: true, timeoutMs: MIGRATION_TIMEOUT_MS }, async (tables) => {
    const { applied, unknown } = await compareMigrations(tables);
    if (unknown.length > 0) throw unknownMigrations(place, unknown);
    if (target !== NO_MIGRATION && !applied.includes(target)) throw notApplied(target);
    const migrator = await createMigrator(tables);
    return namesOf(await migrator.migrateTo(target === NO_MIGRATION ? NO_MIGRATIONS : target));
  });
}

/** Every migration that this version or the database knows, in their order. */
export async function migrationState(database: SettingsDatabase, options: SettingsCallOptions = {}): Promise<readonly MigrationState[]> {
  const { compareMigrations } = await import('./applied-migrations.ts');
  const { applied, pending, unknown } = await database.read(
    { ...options, operation: 'readMigrations', anySchema: true },
    compareMigrations,
  );
  return [...applied, ...pending]
    .toSorted((left, right) => (left < right ? -1 : 1))
    .map((name) => ({ name, isApplied: applied.includes(name), isKnown: !unknown.includes(name) }));
}

function notApplied(target: string): SandboxError {
  return new SandboxError('REQUEST_INVALID', 'target: is not the name of an applied migration.', {
    operation: 'migrateSettings',
    suggestion: `Choose one that is listed as applied, or "${NO_MIGRATION}".`,
    details: { field: 'target', target },
  });
}
