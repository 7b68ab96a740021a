import type { Kysely } from 'kysely';
import type { Tables } from '../tables.ts';
import { compareMigrations } from './applied-migrations.ts';
import { createMigrator, namesOf } from './migrator.ts';
import { missingMigrations, unknownMigrations } from './schema-mismatch.ts';

/** See {@link ensureSchema}. */
export interface EnsureSchemaOptions {
  readonly tables: Kysely<Tables>;
  /** Of the database, for errors. */
  readonly location: string;
  readonly operation: string;
  /** Whether migrations that are missing are carried out. */
  readonly migrate: boolean;
}

/**
 * Makes sure that the tables are those which this version of Sandport knows.
 *
 * @throws SandboxError `SETTINGS_SCHEMA_MISMATCH`
 */
export async function ensureSchema({ tables, location, operation, migrate }: EnsureSchemaOptions): Promise<void> {
  const { pending, unknown } = await compareMigrations(tables);
  if (unknown.length > 0) throw unknownMigrations({ location, operation }, unknown);
  if (pending.length === 0) return;
  if (!migrate) throw missingMigrations({ location, operation }, pending);
  const migrator = await createMigrator(tables);
  namesOf(await migrator.migrateToLatest());
}
