import type { IdempotencyRecord } from '@sandport/core';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Tables } from '../database/tables.ts';
import { databaseTime } from './database-time.ts';

const stateSchema = z.enum(['running', 'finished', 'lost']);

/** A record and whether its window has passed by the time of the database. */
export interface FoundRecord {
  readonly record: IdempotencyRecord;
  readonly isExpired: boolean;
}

/** What is stored under a key, whether it counts still or not. */
export async function findRecord(tables: Kysely<Tables>, keyDigest: string): Promise<FoundRecord | undefined> {
  const now = await databaseTime(tables);
  const row = await tables
    .selectFrom('sandport_idempotency')
    .select(['request_digest', 'state', 'owner', 'beat', 'outcome'])
    .select((column) => column.case().when('expires_at_ms', '<=', now).then(1).else(0).end().as('is_expired'))
    .where('key_digest', '=', keyDigest)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { request_digest: requestDigest, state, owner, beat, outcome, is_expired: isExpired } = row;
  const record = { state: stateSchema.parse(state), requestDigest, owner, beat, outcome: outcome ?? undefined };
  return { record, isExpired: isExpired === 1 };
}
