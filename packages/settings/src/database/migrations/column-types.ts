import { sql, type CreateTableBuilder, type Expression, type Kysely } from 'kysely';
import { kindOf } from '../dialect-kind.ts';

/** What the databases say differently about columns and tables. */
export interface ColumnTypes {
  /** A text of any length. */
  readonly longText: 'text' | Expression<unknown>;
  /** Adds what belongs behind the columns of a table. */
  complete<Table extends string, Column extends string>(table: CreateTableBuilder<Table, Column>): CreateTableBuilder<Table, Column>;
}

/** The types for the database that these tables are in. */
export async function columnTypesOf(tables: Kysely<unknown>): Promise<ColumnTypes> {
  if (kindOf(tables) !== 'mysql') return { longText: 'text', complete: (table) => table };
  const collation = sql.raw(await exactCollation(tables));
  return {
    // `text` ends at 64 KiB there.
    longText: sql`longtext`,
    complete: (table) => table.modifyEnd(sql`engine = innodb character set utf8mb4 collate ${collation}`),
  };
}

/** Collations that tell every two texts apart, blanks at the end included: MySQL's, then MariaDB's. */
const EXACT_COLLATIONS = ['utf8mb4_0900_bin', 'utf8mb4_nopad_bin'];

/** MySQL's own choice takes upper and lower case, and texts with and without blanks at the end, for the same. */
async function exactCollation(tables: Kysely<unknown>): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    select collation_name as name from information_schema.collations where collation_name in (${sql.join(EXACT_COLLATIONS)})
  `.execute(tables);
  // Servers of long ago have none that minds blanks at the end; the names of rows are compared again where they are read.
  return EXACT_COLLATIONS.find((collation) => rows.some(({ name }) => name === collation)) ?? 'utf8mb4_bin';
}
