import { SandboxError } from '@sandport/core';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Tables } from '../../database/tables.ts';

const versionStateSchema = z.enum(['draft', 'active', 'superseded', 'discarded']);

/** `draft`: never used. `active`: in use. `superseded`: was in use. `discarded`: a draft that was given up. */
export type VersionState = z.output<typeof versionStateSchema>;

/** What is known of a version beside its rows. */
export interface VersionRecord {
  readonly number: number;
  /** The version that it was made from; `null` when there was none. */
  readonly parent: number | null;
  readonly state: VersionState;
  readonly author: string;
  readonly reason: string;
  /** Milliseconds since the epoch, by the clock of the machine that did it. */
  readonly createdAtMs: number;
  readonly activatedAtMs: number | null;
}

const RECORD_COLUMNS = ['number', 'parent', 'state', 'author', 'reason', 'created_at_ms', 'activated_at_ms'] as const;

export async function insertVersion(transaction: Kysely<Tables>, record: VersionRecord, document: string): Promise<void> {
  const { number, parent, state, author, reason, createdAtMs, activatedAtMs } = record;
  await transaction
    .insertInto('sandport_versions')
    .values({ number, parent, state, author, reason, created_at_ms: createdAtMs, activated_at_ms: activatedAtMs, document })
    .execute();
}

/** @throws SandboxError `CONFIG_MISSING` */
export async function getVersion(
  tables: Kysely<Tables>,
  number: number,
): Promise<{ readonly record: VersionRecord; readonly document: string }> {
  const row = await tables.selectFrom('sandport_versions').selectAll().where('number', '=', number).executeTakeFirst();
  if (row !== undefined) return { record: toRecord(row), document: row.document };
  throw new SandboxError('CONFIG_MISSING', `There is no version ${number} of the stored configuration.`, {
    operation: 'readVersion',
    suggestion: 'Choose one that the history lists.',
    details: { version: number },
  });
}

export async function listVersions(
  tables: Kysely<Tables>,
  { limit, before }: { limit: number; before: number | undefined },
): Promise<VersionRecord[]> {
  const query = tables.selectFrom('sandport_versions').select(RECORD_COLUMNS).orderBy('number', 'desc').limit(limit);
  const rows = await (before === undefined ? query : query.where('number', '<', before)).execute();
  return rows.map(toRecord);
}

/** Drafts that were neither used nor given up, the newest first, with their documents. */
export async function listDrafts(
  tables: Kysely<Tables>,
  limit: number,
): Promise<{ readonly record: VersionRecord; readonly document: string }[]> {
  const draft: VersionState = 'draft';
  const query = tables.selectFrom('sandport_versions').selectAll().where('state', '=', draft);
  const rows = await query.orderBy('number', 'desc').limit(limit).execute();
  return rows.map((row) => ({ record: toRecord(row), document: row.document }));
}

/** The next versions after one, in the order of their numbers, with their documents. */
export async function documentsAfter(
  tables: Kysely<Tables>,
  number: number,
  limit: number,
): Promise<{ readonly number: number; readonly document: string }[]> {
  return tables
    .selectFrom('sandport_versions')
    .select(['number', 'document'])
    .where('number', '>', number)
    .orderBy('number')
    .limit(limit)
    .execute();
}

export async function writeDocument(transaction: Kysely<Tables>, number: number, document: string): Promise<void> {
  await transaction.updateTable('sandport_versions').set({ document }).where('number', '=', number).execute();
}

export async function discardVersion(transaction: Kysely<Tables>, number: number): Promise<void> {
  const state: VersionState = 'discarded';
  await transaction.updateTable('sandport_versions').set({ state }).where('number', '=', number).execute();
}

/** Marks one version as the one in use, and all others as not. */
export async function markActive(transaction: Kysely<Tables>, number: number, activatedAtMs: number): Promise<void> {
  const active: VersionState = 'active';
  const superseded: VersionState = 'superseded';
  await transaction
    .updateTable('sandport_versions')
    .set({ state: superseded })
    .where('state', '=', active)
    .where('number', '<>', number)
    .execute();
  await transaction
    .updateTable('sandport_versions')
    .set({ state: active, activated_at_ms: activatedAtMs })
    .where('number', '=', number)
    .execute();
}

function toRecord(row: Pick<Tables['sandport_versions'], (typeof RECORD_COLUMNS)[number]>): VersionRecord {
  const { number, parent, state, author, reason, created_at_ms: createdAtMs, activated_at_ms: activatedAtMs } = row;
  return { number, parent, state: versionStateSchema.parse(state), author, reason, createdAtMs, activatedAtMs };
}
