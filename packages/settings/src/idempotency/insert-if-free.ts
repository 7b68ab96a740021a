import type { InsertQueryBuilder, InsertResult, Kysely } from 'kysely';
import { kindOf } from '../database/dialect-kind.ts';
import type { Tables } from '../database/tables.ts';

/**
 * Inserts a record unless its key is taken. Which of two transactions at the same moment is the first, the database decides: the other one waits for it.
 *
 * @returns whether it was inserted.
 */
export async function insertIfFree<Table extends 'sandport_idempotency' | 'sandport_sessions' | 'sandport_sign_in_failures'>(
  transaction: Kysely<Tables>,
  insert: InsertQueryBuilder<Tables, Table, InsertResult>,
): Promise<boolean> {
  // What was checked before fits its columns, so there is nothing else that MySQL could ignore.
  const guarded = kindOf(transaction) === 'mysql' ? insert.ignore() : insert.onConflict((conflict) => conflict.doNothing());
  const { numInsertedOrUpdatedRows } = await guarded.executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}
