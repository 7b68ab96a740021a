import type { AliasableExpression, Expression, Kysely } from 'kysely';
import { kindOf } from '../database/dialect-kind.ts';
import type { Tables } from '../database/tables.ts';

/**
 * The time of the database in milliseconds since the epoch. Whatever is compared with it was made from it: the clocks of two machines may differ by hours, and a record must not be
 * forgotten sooner for the one than for the other.
 */
export async function databaseTime(tables: Kysely<Tables>): Promise<AliasableExpression<number>> {
  // Loaded by the database already; nobody should load it before there is one.
  const { sql } = await import('kysely');
  switch (kindOf(tables)) {
    case 'sqlite':
      return sql<number>`cast(unixepoch('subsec') * 1000 as integer)`;
    case 'postgres':
      return sql<number>`cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`;
    case 'mysql':
      return sql<number>`(timestampdiff(microsecond, '1970-01-01', utc_timestamp(3)) div 1000)`;
  }
}

/** A moment so long after now. */
export async function timeFromNow(tables: Kysely<Tables>, durationMs: number): Promise<Expression<number>> {
  const { sql } = await import('kysely');
  return sql<number>`${await databaseTime(tables)} + ${Math.ceil(durationMs)}`;
}
