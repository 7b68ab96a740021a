import type { UsageRange, UsageRow } from '@sandport/core';
import type { Kysely } from 'kysely';
import { stateMissing } from '../configurations/rows/state-row.ts';
import { kindOf } from '../database/dialect-kind.ts';
import type { Tables } from '../database/tables.ts';
import { databaseTime } from '../idempotency/database-time.ts';
import type { CountedMinute } from './merge-usage.ts';
import { removeHoursBefore } from './usage-hours.ts';
import { callsOf, decodeCounts, encodeCounts } from './usage-document.ts';

const MINUTE_MS = 60_000;

/** How long ago a client that counts as one has reported at most. */
const CLIENT_SEEN_WITHIN_MS = 2 * MINUTE_MS;

/** Stores a row in place of a former one of the same client, provider and minute. */
export async function putUsageRow(transaction: Kysely<Tables>, row: UsageRow): Promise<void> {
  const values = { reported_at_ms: await databaseTime(transaction), calls: callsOf(row), counts: encodeCounts(row) };
  const insert = transaction
    .insertInto('sandport_usage')
    .values({ minute_ms: row.minuteMs, provider_id: row.providerId, client_id: row.clientId, ...values });
  const key = ['minute_ms', 'provider_id', 'client_id'] as const;
  await (
    kindOf(transaction) === 'mysql'
      ? insert.onDuplicateKeyUpdate(values)
      : insert.onConflict((conflict) => conflict.columns(key).doUpdateSet(values))
  ).execute();
}

/** The minutes that begin in a range. */
export async function readUsageRows(tables: Kysely<Tables>, { fromMs, toMs }: UsageRange): Promise<CountedMinute[]> {
  const rows = await tables
    .selectFrom('sandport_usage')
    .select(['minute_ms', 'provider_id', 'client_id', 'counts'])
    .where('minute_ms', '>=', fromMs)
    .where('minute_ms', '<', toMs)
    .execute();
  return rows.map(({ minute_ms: minuteMs, provider_id: providerId, client_id: clientId, counts }) => ({
    minuteMs,
    providerId,
    clientId,
    counts: decodeCounts(counts),
  }));
}

/** Clients that have reported lately, and the calls of the last 60 seconds. */
export async function readFollowers(tables: Kysely<Tables>): Promise<{ readonly clients: number; readonly callsLastMinute: number }> {
  const nowMs = await readTime(tables);
  const thisMinuteMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
  const rows = await tables
    .selectFrom('sandport_usage')
    .select(['minute_ms', 'client_id', 'reported_at_ms', 'calls'])
    // A client may have reported late, and its clock may be a little off.
    .where('minute_ms', '>=', thisMinuteMs - 10 * MINUTE_MS)
    .where('reported_at_ms', '>', nowMs - CLIENT_SEEN_WITHIN_MS)
    .execute();
  const callsOfMinute = (minuteMs: number) => rows.filter((row) => row.minute_ms === minuteMs).reduce((sum, { calls }) => sum + calls, 0);
  // As many of the minute before as lie within the last 60 seconds, were they spread evenly.
  const shareBefore = 1 - (nowMs - thisMinuteMs) / MINUTE_MS;
  const callsLastMinute = Math.round(callsOfMinute(thisMinuteMs) + callsOfMinute(thisMinuteMs - MINUTE_MS) * shareBefore);
  return { clients: new Set(rows.map(({ client_id: id }) => id)).size, callsLastMinute };
}

/** Removes the rows of the oldest minutes before a moment, about so many. */
export async function removeOldUsage(transaction: Kysely<Tables>, olderThanMs: number, count: number): Promise<void> {
  const nowMs = await readTime(transaction);
  const oldest = await transaction
    .selectFrom('sandport_usage')
    .select('minute_ms')
    .where('minute_ms', '<', nowMs - olderThanMs)
    .orderBy('minute_ms')
    .limit(count)
    .execute();
  const last = oldest.at(-1);
  if (last === undefined) return;
  await transaction.deleteFrom('sandport_usage').where('minute_ms', '<=', last.minute_ms).execute();
  await removeHoursBefore(transaction, last.minute_ms);
}

async function readTime(tables: Kysely<Tables>): Promise<number> {
  const now = await databaseTime(tables);
  const row = await tables.selectFrom('sandport_state').select(now.as('now_ms')).executeTakeFirst();
  if (row === undefined) throw stateMissing();
  return row.now_ms;
}
