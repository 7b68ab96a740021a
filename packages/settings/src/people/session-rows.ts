import type { Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';
import { toAccount } from './account-rows.ts';
import type { AccountRecord, SessionRow } from './people-records.ts';

export async function insertSessionRow(transaction: Kysely<Tables>, session: SessionRow): Promise<void> {
  await transaction
    .insertInto('sandport_account_sessions')
    .values({
      digest: session.digest,
      account_id: session.accountId,
      csrf_digest: session.csrfDigest,
      created_at_ms: session.createdAtMs,
      ends_at_ms: session.endsAtMs,
      idle_ends_at_ms: session.idleEndsAtMs,
    })
    .execute();
}

/** A session that is not over, of an account that is not disabled. */
export async function findSessionRow(
  tables: Kysely<Tables>,
  digest: string,
  nowMs: number,
): Promise<{ readonly session: SessionRow; readonly account: AccountRecord } | undefined> {
  const row = await tables
    .selectFrom('sandport_account_sessions as session')
    .innerJoin('sandport_accounts as account', 'account.id', 'session.account_id')
    .selectAll('account')
    .select(['session.digest', 'session.csrf_digest', 'session.ends_at_ms', 'session.idle_ends_at_ms'])
    .select('session.created_at_ms as session_created_at_ms')
    .where('session.digest', '=', digest)
    .where('session.ends_at_ms', '>', nowMs)
    .where('session.idle_ends_at_ms', '>', nowMs)
    .where('account.is_disabled', '=', 0)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const session: SessionRow = {
    digest: row.digest,
    accountId: row.id,
    csrfDigest: row.csrf_digest,
    createdAtMs: row.session_created_at_ms,
    endsAtMs: row.ends_at_ms,
    idleEndsAtMs: row.idle_ends_at_ms,
  };
  return { session, account: toAccount(row) };
}
