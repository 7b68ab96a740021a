import { sql, type Kysely } from 'kysely';
import { TABLE_COLUMNS } from '../table-columns.ts';
import type { Tables } from '../tables.ts';

/** The tables, and columns as `table.column`, that a database file lacks. */
export async function findMissingParts(tables: Kysely<Tables>): Promise<readonly string[]> {
  const { rows } = await sql<{ table: string; column: string }>`
    select sqlite_master.name as "table", columns.name as "column"
    from sqlite_master, pragma_table_info(sqlite_master.name) as columns where sqlite_master.type in ('table', 'view')
  `.execute(tables);
  const present = new Set(rows.flatMap(({ table, column }) => [table, `${table}.${column}`]));
  return Object.entries(TABLE_COLUMNS).flatMap(([table, columns]) =>
    present.has(table) ? columns.map((column) => `${table}.${column}`).filter((column) => !present.has(column)) : [table],
  );
}
