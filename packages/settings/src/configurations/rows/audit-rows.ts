import { jsonObjectSchema, type JsonObject } from '@sandport/core';
import type { Kysely } from 'kysely';
import type { Tables } from '../../database/tables.ts';
import { parseRowJson } from '../row-json.ts';

/** What an audit entry tells of. */
export type AuditAction =
  | 'draft'
  | 'activate'
  | 'change'
  | 'discard'
  | 'roll-back'
  /** Rows that another program, or a person, had written were recorded as a version. */
  | 'record'
  | 'seal-secrets'
  | 'rotate-keys'
  | 'create-account'
  | 'change-account'
  | 'remove-account'
  | 'create-invitation'
  | 'take-invitation'
  | 'create-token'
  | 'revoke-token'
  | 'change-password'
  | 'reset-password'
  | 'sign-in'
  | 'sign-in-refused'
  | 'sign-out';

/** Actions that made a version the one in use. */
export const ACTIVATING_ACTIONS: readonly AuditAction[] = ['activate', 'change', 'roll-back', 'record', 'seal-secrets'];

/** Who did what and when. */
export interface AuditEntry {
  readonly sequence: number;
  /** Milliseconds since the epoch, by the clock of the machine that did it. */
  readonly atMs: number;
  readonly actor: string;
  readonly action: string;
  /** The version that it was about. */
  readonly version: number | null;
  /** The reason that was given, and what was changed by row and field; never a value of a secret. */
  readonly summary: JsonObject;
}

/** Which part of a list is wanted, the newest first. */
export interface PageOptions {
  /** At most so many. @default 50, at most 500 */
  readonly limit?: number;
  /** Only entries with a smaller number. */
  readonly before?: number;
}

export async function insertAudit(
  transaction: Kysely<Tables>,
  { sequence, atMs, actor, action, version, summary }: AuditEntry,
): Promise<void> {
  await transaction
    .insertInto('sandport_audit')
    .values({ sequence, at_ms: atMs, actor, action, version, summary: JSON.stringify(summary) })
    .execute();
}

export async function listAudit(
  tables: Kysely<Tables>,
  { limit, before }: { limit: number; before: number | undefined },
): Promise<AuditEntry[]> {
  const query = tables.selectFrom('sandport_audit').selectAll().orderBy('sequence', 'desc').limit(limit);
  const rows = await (before === undefined ? query : query.where('sequence', '<', before)).execute();
  return rows.map(toEntry);
}

/** The newest entry of these actions that is about a version. */
export async function findAudit(tables: Kysely<Tables>, version: number, actions: readonly AuditAction[]): Promise<AuditEntry | undefined> {
  const row = await tables
    .selectFrom('sandport_audit')
    .selectAll()
    .where('version', '=', version)
    .where('action', 'in', actions)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : toEntry(row);
}

function toEntry({ sequence, at_ms, actor, action, version, summary }: Tables['sandport_audit']): AuditEntry {
  return { sequence, atMs: at_ms, actor, action, version, summary: jsonObjectSchema.safeParse(parseRowJson(summary)?.value).data ?? {} };
}
