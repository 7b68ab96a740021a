import type { Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';
import type { PeopleChange } from './people-books.ts';
import { isId, notFound, refuse, roleSchema } from './people-check.ts';
import type { NewToken, TokenRecord } from './people-records.ts';
import type { ActorOptions } from './people-store.ts';

const COLUMNS = ['id', 'name', 'role', 'created_by', 'created_at_ms', 'ends_at_ms', 'last_used_at_ms'] as const;

/** Makes a token. @throws SandboxError `REQUEST_INVALID` when its id or digest is taken. */
export async function createToken(
  { transaction, nowMs, addAudit }: PeopleChange,
  { id, digest, name, role, createdBy, endsAtMs }: NewToken,
  { actor }: ActorOptions,
): Promise<TokenRecord> {
  const taken = await transaction
    .selectFrom('sandport_tokens')
    .select('id')
    .where((column) => column.or([column('id', '=', id), column('digest', '=', digest)]))
    .executeTakeFirst();
  if (taken !== undefined) throw refuse(taken.id === id ? 'id' : 'digest', 'is taken');
  const row = { id, digest, name, role, created_by: createdBy, created_at_ms: nowMs, ends_at_ms: endsAtMs, last_used_at_ms: null };
  await transaction.insertInto('sandport_tokens').values(row).execute();
  await addAudit(actor, 'create-token', { token: name, id, role, endsAtMs });
  return toToken(row);
}

/** Removes a token. @throws SandboxError `CONFIG_MISSING` */
export async function revokeToken({ transaction, addAudit }: PeopleChange, id: string, { actor }: ActorOptions): Promise<void> {
  const query = transaction.selectFrom('sandport_tokens').select(COLUMNS).where('id', '=', id);
  const row = isId(id) ? await query.executeTakeFirst() : undefined;
  if (row === undefined) throw notFound('token');
  await transaction.deleteFrom('sandport_tokens').where('id', '=', id).execute();
  await addAudit(actor, 'revoke-token', { token: row.name, id, role: row.role });
}

export async function findTokenRow(tables: Kysely<Tables>, digest: string, nowMs: number): Promise<TokenRecord | undefined> {
  const row = await tables
    .selectFrom('sandport_tokens')
    .select(COLUMNS)
    .where('digest', '=', digest)
    .where((column) => column.or([column('ends_at_ms', 'is', null), column('ends_at_ms', '>', nowMs)]))
    .executeTakeFirst();
  return row === undefined ? undefined : toToken(row);
}

export async function listTokenRows(tables: Kysely<Tables>): Promise<TokenRecord[]> {
  const rows = await tables.selectFrom('sandport_tokens').select(COLUMNS).orderBy('created_at_ms').orderBy('id').execute();
  return rows.map(toToken);
}

export async function touchTokenRow(transaction: Kysely<Tables>, id: string, nowMs: number): Promise<void> {
  await transaction
    .updateTable('sandport_tokens')
    .set({ last_used_at_ms: nowMs })
    .where('id', '=', id)
    // Of several uses the latest counts, whichever is written down last.
    .where((column) => column.or([column('last_used_at_ms', 'is', null), column('last_used_at_ms', '<', nowMs)]))
    .execute();
}

function toToken(row: Pick<Tables['sandport_tokens'], (typeof COLUMNS)[number]>): TokenRecord {
  return {
    id: row.id,
    name: row.name,
    role: roleSchema.parse(row.role),
    createdBy: row.created_by,
    createdAtMs: row.created_at_ms,
    endsAtMs: row.ends_at_ms,
    lastUsedAtMs: row.last_used_at_ms,
  };
}
