import { Migrator, sql, type Kysely, type MigrationResultSet } from 'kysely';
import { kindOf } from '../dialect-kind.ts';
import type { Tables } from '../tables.ts';
import { ALL_MIGRATIONS } from './all-migrations.ts';
import { MIGRATIONS_TABLE } from './applied-migrations.ts';

/** Kysely's migrator over our migrations. It lets one process at a time in, on each of the databases. */
export async function createMigrator(tables: Kysely<Tables>): Promise<Migrator> {
  return new Migrator({
    db: tables,
    provider: { getMigrations: () => Promise.resolve({ ...ALL_MIGRATIONS }) },
    migrationTableName: MIGRATIONS_TABLE,
    migrationLockTableName: `${MIGRATIONS_TABLE}_lock`,
    ...(await schemaOption(tables)),
  });
}

/**
 * The names of the migrations that were carried out.
 *
 * @throws what the database said.
 */
export function namesOf({ error, results = [] }: MigrationResultSet): readonly string[] {
  if (error instanceof Error) throw error;
  if (error !== undefined) throw new Error('a migration failed', { cause: error });
  return results.filter(({ status }) => status === 'Success').map(({ migrationName }) => migrationName);
}

/** Without it Kysely takes a table of the same name in any other schema of a PostgreSQL database for ours. */
async function schemaOption(tables: Kysely<Tables>): Promise<{ readonly migrationTableSchema?: string }> {
  if (kindOf(tables) !== 'postgres') return {};
  const { rows } = await sql<{ name: string | null }>`select current_schema() as name`.execute(tables);
  const name = rows[0]?.name ?? null;
  return name === null ? {} : { migrationTableSchema: name };
}
