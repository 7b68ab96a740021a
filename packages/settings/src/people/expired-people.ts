import type { Kysely } from 'kysely';
import type { DatabaseCall, SettingsDatabase } from '../database/settings-database.ts';
import type { Tables } from '../database/tables.ts';

/** Rows that one call removes of each table, so that nobody waits for a long clearing. */
const MOST_AT_ONCE = 500;

/** Sessions, invitations and counted failures whose time is over. */
export async function removeExpiredPeople(database: SettingsDatabase, call: DatabaseCall, nowMs: number): Promise<void> {
  const { sessions, invitations, failures } = await database.read(call, (tables) => findExpired(tables, nowMs));
  if (sessions.length + invitations.length + failures.length === 0) return;
  await database.write(call, async (transaction) => {
    if (sessions.length > 0) {
      const removal = transaction.deleteFrom('sandport_account_sessions').where('digest', 'in', sessions);
      await removal.where((row) => row.or([row('ends_at_ms', '<=', nowMs), row('idle_ends_at_ms', '<=', nowMs)])).execute();
    }
    if (invitations.length > 0) {
      const removal = transaction.deleteFrom('sandport_invitations').where('digest', 'in', invitations);
      await removal.where('ends_at_ms', '<=', nowMs).execute();
    }
    if (failures.length > 0) {
      const removal = transaction.deleteFrom('sandport_sign_in_failures').where('key_digest', 'in', failures);
      await removal.where('ends_at_ms', '<=', nowMs).execute();
    }
  });
}

async function findExpired(tables: Kysely<Tables>, nowMs: number) {
  const sessions = await tables
    .selectFrom('sandport_account_sessions')
    .select('digest')
    .where((row) => row.or([row('ends_at_ms', '<=', nowMs), row('idle_ends_at_ms', '<=', nowMs)]))
    .limit(MOST_AT_ONCE)
    .execute();
  const invitations = await tables
    .selectFrom('sandport_invitations')
    .select('digest')
    .where('ends_at_ms', '<=', nowMs)
    .limit(MOST_AT_ONCE)
    .execute();
  const failures = await tables
    .selectFrom('sandport_sign_in_failures')
    .select('key_digest')
    .where('ends_at_ms', '<=', nowMs)
    .limit(MOST_AT_ONCE)
    .execute();
  // In one order, so that two processes at it wait for each other instead of blocking each other.
  return {
    sessions: sessions.map(({ digest }) => digest).toSorted(),
    invitations: invitations.map(({ digest }) => digest).toSorted(),
    failures: failures.map(({ key_digest: key }) => key).toSorted(),
  };
}
