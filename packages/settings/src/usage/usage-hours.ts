import { USAGE_LATENCY_BOUNDS_MS, type UsageCounts, type UsageRange, type UsageRow } from '@sandport/core';
import type { Kysely } from 'kysely';
import { kindOf } from '../database/dialect-kind.ts';
import type { Tables } from '../database/tables.ts';
import { mergeUsage, type CountedMinute } from './merge-usage.ts';
import { decodeCounts, encodeCounts } from './usage-document.ts';

const HOUR_MS = 3_600_000;

/** One client's hour with one provider. */
interface HourKey {
  readonly hourMs: number;
  readonly providerId: string;
  readonly clientId: string;
}

const NOTHING: UsageCounts = { statuses: {}, errors: {}, latencyBuckets: USAGE_LATENCY_BOUNDS_MS.map(() => 0), pool: null };

/** The hours that rows belong to, in an order that is the same for everybody: whoever takes them in turn waits for no one who waits for him. */
export function hoursOf(rows: readonly UsageRow[]): HourKey[] {
  const hours = new Map<string, HourKey>();
  for (const { minuteMs, providerId, clientId } of rows) {
    const hourMs = hourOf(minuteMs);
    hours.set(JSON.stringify([String(hourMs).padStart(16, '0'), providerId, clientId]), { hourMs, providerId, clientId });
  }
  return [...hours].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, key]) => key);
}

/** Makes the rows of hours that are missing, and keeps all of them for this transaction: what another adds up meanwhile would lack what this one writes. */
export async function takeHours(transaction: Kysely<Tables>, hours: readonly HourKey[]): Promise<void> {
  for (const { hourMs, providerId, clientId } of hours) {
    const insert = transaction
      .insertInto('sandport_usage_hours')
      .values({ hour_ms: hourMs, provider_id: providerId, client_id: clientId, counts: encodeCounts(NOTHING) });
    // A value that stays the same: it is the row that is wanted.
    await (
      kindOf(transaction) === 'mysql'
        ? insert.onDuplicateKeyUpdate({ hour_ms: hourMs })
        : insert.onConflict((conflict) => conflict.columns(['hour_ms', 'provider_id', 'client_id']).doUpdateSet({ hour_ms: hourMs }))
    ).execute();
  }
}

/** Adds the minutes of hours up anew, after some of them were written. */
export async function addHoursUp(transaction: Kysely<Tables>, hours: readonly HourKey[]): Promise<void> {
  for (const { hourMs, providerId, clientId } of hours) {
    const rows = await transaction
      .selectFrom('sandport_usage')
      .select(['minute_ms', 'counts'])
      .where('minute_ms', '>=', hourMs)
      .where('minute_ms', '<', hourMs + HOUR_MS)
      .where('provider_id', '=', providerId)
      .where('client_id', '=', clientId)
      .execute();
    const minutes = rows.map(({ minute_ms: minuteMs, counts }) => ({ minuteMs, providerId, clientId, counts: decodeCounts(counts) }));
    const [sum = NOTHING] = mergeUsage(minutes, HOUR_MS);
    await transaction
      .updateTable('sandport_usage_hours')
      .set({ counts: encodeCounts(sum) })
      .where('hour_ms', '=', hourMs)
      .where('provider_id', '=', providerId)
      .where('client_id', '=', clientId)
      .execute();
  }
}

/** Whether a range is made of whole hours, and each of its steps as well. */
export function isInHours({ fromMs, toMs, stepMs }: UsageRange): boolean {
  return [fromMs, toMs, stepMs].every((timeMs) => timeMs % HOUR_MS === 0);
}

/** The hours of a range, as if each were one minute. */
export async function readUsageHours(tables: Kysely<Tables>, { fromMs, toMs }: UsageRange): Promise<CountedMinute[]> {
  const rows = await tables
    .selectFrom('sandport_usage_hours')
    .select(['hour_ms', 'provider_id', 'client_id', 'counts'])
    .where('hour_ms', '>=', fromMs)
    .where('hour_ms', '<', toMs)
    .execute();
  return rows.map(({ hour_ms: minuteMs, provider_id: providerId, client_id: clientId, counts }) => ({
    minuteMs,
    providerId,
    clientId,
    counts: decodeCounts(counts),
  }));
}

/** Removes the hours whose minutes are all gone. */
export async function removeHoursBefore(transaction: Kysely<Tables>, timeMs: number): Promise<void> {
  await transaction.deleteFrom('sandport_usage_hours').where('hour_ms', '<', hourOf(timeMs)).execute();
}

function hourOf(timeMs: number): number {
  return Math.floor(timeMs / HOUR_MS) * HOUR_MS;
}
