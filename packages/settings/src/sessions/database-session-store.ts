import { randomInt } from 'node:crypto';
import { LANGUAGES, type Clock, type SessionRecord, type SessionStore, type SettingsCallOptions } from '@sandport/core';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { SettingsDatabase } from '../database/settings-database.ts';
import type { Tables } from '../database/tables.ts';
import { databaseTime, timeFromNow } from '../idempotency/database-time.ts';
import { ExpiredRows } from '../idempotency/expired-rows.ts';
import { insertIfFree } from '../idempotency/insert-if-free.ts';
import { checkDigest, checkDuration } from '../idempotency/record-check.ts';

const languageSchema = z.enum(LANGUAGES);

/** The largest that `randomInt` gives. */
const MAX_REVISION = 2 ** 48 - 1;

/** A record that is to be stored. */
type NewSession = Omit<SessionRecord, 'revision'> & { readonly rememberMs: number };

/** Remembers in a database which sandbox belongs to a session's key. Records whose time is over are removed little by little, with the new ones that come. */
export class DatabaseSessionStore implements SessionStore {
  readonly #database: SettingsDatabase;
  readonly #expired: ExpiredRows;

  constructor(database: SettingsDatabase, clock?: Clock) {
    this.#database = database;
    this.#expired = new ExpiredRows(database, 'sandport_sessions', clock);
  }

  find(keyDigest: string, { signal }: SettingsCallOptions = {}): Promise<SessionRecord | undefined> {
    return this.#database.read({ operation: 'findSession', signal }, async (tables) => {
      const now = await databaseTime(tables);
      const row = await tables
        .selectFrom('sandport_sessions')
        .selectAll()
        .where('key_digest', '=', keyDigest)
        .where('expires_at_ms', '>', now)
        .executeTakeFirst();
      return row === undefined ? undefined : toRecord(row);
    });
  }

  async replace(
    keyDigest: string,
    expected: number | undefined,
    session: NewSession,
    { signal }: SettingsCallOptions = {},
  ): Promise<SessionRecord | undefined> {
    checkDigest('keyDigest', keyDigest);
    checkDigest('configDigest', session.configDigest);
    checkDuration('rememberMs', session.rememberMs);
    const call = { operation: 'keepSession', signal };
    if (expected === undefined) await this.#expired.removeSome(call);
    // A record that came after this one was removed must not have the same revision.
    const revision = randomInt(1, MAX_REVISION);
    const isStored = await this.#database.write(call, (transaction) => store(transaction, keyDigest, expected, revision, session));
    if (!isStored) return undefined;
    const { rememberMs: _, ...record } = session;
    return { ...record, revision };
  }

  remove(keyDigest: string, expected: number, { signal }: SettingsCallOptions = {}): Promise<boolean> {
    return this.#database.write({ operation: 'removeSession', signal }, async (transaction) => {
      const removal = transaction.deleteFrom('sandport_sessions').where('key_digest', '=', keyDigest).where('revision', '=', expected);
      return (await removal.executeTakeFirstOrThrow()).numDeletedRows === 1n;
    });
  }
}

async function store(
  transaction: Kysely<Tables>,
  keyDigest: string,
  expected: number | undefined,
  revision: number,
  { providerId, configDigest, sandboxId, language, rememberMs }: NewSession,
): Promise<boolean> {
  const columns = {
    revision,
    provider_id: providerId,
    config_digest: configDigest,
    sandbox_id: sandboxId,
    language,
    expires_at_ms: await timeFromNow(transaction, rememberMs),
  };
  const update = transaction.updateTable('sandport_sessions').set(columns).where('key_digest', '=', keyDigest);
  if (expected !== undefined) return (await update.where('revision', '=', expected).executeTakeFirstOrThrow()).numUpdatedRows === 1n;
  // One whose time is over is as good as none.
  const now = await databaseTime(transaction);
  if ((await update.where('expires_at_ms', '<=', now).executeTakeFirstOrThrow()).numUpdatedRows === 1n) return true;
  return insertIfFree(transaction, transaction.insertInto('sandport_sessions').values({ key_digest: keyDigest, ...columns }));
}

function toRecord(row: Tables['sandport_sessions']): SessionRecord {
  const { revision, provider_id: providerId, config_digest: configDigest, sandbox_id: sandboxId, language } = row;
  return { revision, providerId, configDigest, sandboxId, language: languageSchema.parse(language) };
}
