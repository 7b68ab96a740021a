import type { Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';
import { insertIfFree } from '../idempotency/insert-if-free.ts';
import type { FailureWindow } from './people-records.ts';

/** How many failures there were in the window that goes on. */
export async function readFailures(tables: Kysely<Tables>, key: string, window: FailureWindow): Promise<number> {
  const { after, before } = boundsOf(window);
  const row = await tables
    .selectFrom('sandport_sign_in_failures')
    .select('failures')
    .where('key_digest', '=', key)
    .where('began_at_ms', '>', after)
    .where('began_at_ms', '<', before)
    .executeTakeFirst();
  return row?.failures ?? 0;
}

/** Counts one more, or begins a window. */
export async function addFailure(transaction: Kysely<Tables>, key: string, window: FailureWindow): Promise<number> {
  const first = { failures: 1, began_at_ms: window.nowMs, ends_at_ms: window.nowMs + window.windowMs };
  // Another one may begin or clear the window between two of these statements. The call's deadline ends the loop.
  for (;;) {
    if (await countOn(transaction, key, window)) return readFailures(transaction, key, window);
    if (await beginAnew(transaction, key, window, first)) return 1;
    if (await insertIfFree(transaction, transaction.insertInto('sandport_sign_in_failures').values({ key_digest: key, ...first })))
      return 1;
  }
}

async function countOn(transaction: Kysely<Tables>, key: string, window: FailureWindow): Promise<boolean> {
  const { after, before } = boundsOf(window);
  const update = transaction
    .updateTable('sandport_sign_in_failures')
    .set((row) => ({ failures: row('failures', '+', 1) }))
    .where('key_digest', '=', key)
    .where('began_at_ms', '>', after)
    .where('began_at_ms', '<', before);
  return (await update.executeTakeFirstOrThrow()).numUpdatedRows === 1n;
}

async function beginAnew(
  transaction: Kysely<Tables>,
  key: string,
  window: FailureWindow,
  first: Omit<Tables['sandport_sign_in_failures'], 'key_digest'>,
): Promise<boolean> {
  const { after, before } = boundsOf(window);
  const update = transaction
    .updateTable('sandport_sign_in_failures')
    .set(first)
    .where('key_digest', '=', key)
    .where((row) => row.or([row('began_at_ms', '<=', after), row('began_at_ms', '>=', before)]));
  return (await update.executeTakeFirstOrThrow()).numUpdatedRows === 1n;
}

/** A window that began in the far future was begun by a clock that was wrong, and would keep people out for ever. */
function boundsOf({ nowMs, windowMs }: FailureWindow): { readonly after: number; readonly before: number } {
  return { after: nowMs - windowMs, before: nowMs + windowMs };
}
