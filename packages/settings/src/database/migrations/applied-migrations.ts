import { sql, type Kysely } from 'kysely';
import { kindOf } from '../dialect-kind.ts';
import type { DatabaseKind } from '../settings-database.ts';
import type { Tables } from '../tables.ts';
import { ALL_MIGRATIONS } from './all-migrations.ts';

/** The table in which Kysely notes the names of applied migrations. */
export const MIGRATIONS_TABLE = 'sandport_migrations';

/** What was done to a database, against what this version of Sandport knows. */
export interface MigrationComparison {
  readonly applied: readonly string[];
  /** Known here, and not applied. */
  readonly pending: readonly string[];
  /** Applied, and not known here. */
  readonly unknown: readonly string[];
}

/** Compares by names; a database without the table that notes them has none. */
export async function compareMigrations(tables: Kysely<Tables>): Promise<MigrationComparison> {
  const applied = (await hasMigrationsTable(tables)) ? await readNames(tables) : [];
  const known = Object.keys(ALL_MIGRATIONS);
  return {
    applied,
    pending: known.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !known.includes(name)),
  };
}

/** The catalogue is asked, so that no statement fails: what a failure means is not for its text to say. */
const CATALOGUE_QUERIES = {
  sqlite: sql<{ found: number }>`select count(*) as found from sqlite_master where type = 'table' and name = ${MIGRATIONS_TABLE}`,
  postgres: sql<{ found: number }>`select count(to_regclass(${MIGRATIONS_TABLE})) as found`,
  mysql: sql<{
    found: number;
  }>`select count(*) as found from information_schema.tables where table_schema = database() and table_name = ${MIGRATIONS_TABLE}`,
} satisfies Record<DatabaseKind, unknown>;

async function hasMigrationsTable(tables: Kysely<Tables>): Promise<boolean> {
  const { rows } = await CATALOGUE_QUERIES[kindOf(tables)].execute(tables);
  return rows[0]?.found === 1;
}

async function readNames(tables: Kysely<Tables>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(MIGRATIONS_TABLE)} order by name`.execute(tables);
  return rows.map(({ name }) => name);
}
