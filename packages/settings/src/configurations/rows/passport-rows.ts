import { passportSchema, SandboxError, type Passport } from '@sandport/core';
import type { Kysely } from 'kysely';
import { kindOf } from '../../database/dialect-kind.ts';
import type { Tables } from '../../database/tables.ts';
import { parseRowJson } from '../row-json.ts';

/** How far the date of a passport may lie ahead of our clock before one of the two clocks is taken to be wrong. */
const MAX_CLOCK_SKEW_MS = 5 * 60_000;

/** Stores a passport; one of the same configuration and the same millisecond is replaced. */
export async function putPassport(transaction: Kysely<Tables>, passport: Passport): Promise<void> {
  const document = JSON.stringify(passport);
  const { providerId, configDigest, madeAtMs } = passport;
  const insert = transaction
    .insertInto('sandport_passports')
    .values({ provider_id: providerId, config_digest: configDigest, made_at_ms: madeAtMs, document });
  const key = ['provider_id', 'config_digest', 'made_at_ms'] as const;
  await (
    kindOf(transaction) === 'mysql'
      ? insert.onDuplicateKeyUpdate({ document })
      : insert.onConflict((conflict) => conflict.columns(key).doUpdateSet({ document }))
  ).execute();
}

/**
 * The newest passport of one configuration. One that is dated in the future counts only if there is no other: else a clock that once was wrong would hide every passport that is
 * made after it was put right.
 */
export async function newestPassport(
  tables: Kysely<Tables>,
  providerId: string,
  configDigest: string,
  nowMs: number,
): Promise<Passport | undefined> {
  const query = tables
    .selectFrom('sandport_passports')
    .select('document')
    .where('provider_id', '=', providerId)
    .where('config_digest', '=', configDigest)
    .orderBy('made_at_ms', 'desc')
    .limit(1);
  const row = (await query.where('made_at_ms', '<=', nowMs + MAX_CLOCK_SKEW_MS).executeTakeFirst()) ?? (await query.executeTakeFirst());
  return row === undefined ? undefined : parsePassport(providerId, row.document);
}

/** Passports of one provider, whatever its configuration was, the newest first. */
export async function listPassports(tables: Kysely<Tables>, providerId: string, limit: number): Promise<Passport[]> {
  const query = tables.selectFrom('sandport_passports').select('document').where('provider_id', '=', providerId);
  const rows = await query.orderBy('made_at_ms', 'desc').limit(limit).execute();
  return rows.map(({ document }) => parsePassport(providerId, document));
}

function parsePassport(providerId: string, document: string): Passport {
  const parsed = passportSchema.safeParse(parseRowJson(document)?.value);
  if (parsed.success) return parsed.data;
  throw new SandboxError('CONFIG_INVALID', `A stored passport of "${providerId}" cannot be read.`, {
    operation: 'readPassports',
    suggestion: 'Update Sandport if a newer version wrote it; else try the provider anew.',
    providerId,
    cause: parsed.error,
  });
}
