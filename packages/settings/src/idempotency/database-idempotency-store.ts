import type { Clock, IdempotencyClaim, IdempotencyRecord, IdempotencyStore, SettingsCallOptions } from '@sandport/core';
import type { Kysely, Transaction } from 'kysely';
import type { SettingsDatabase } from '../database/settings-database.ts';
import type { Tables } from '../database/tables.ts';
import { databaseTime, timeFromNow } from './database-time.ts';
import { ExpiredRows } from './expired-rows.ts';
import { insertIfFree } from './insert-if-free.ts';
import { checkClaim, checkOutcome } from './record-check.ts';
import { findRecord } from './find-record.ts';

/** Remembers calls by their idempotency keys in a database. Records whose window has passed are removed little by little, with the claims that come. */
export class DatabaseIdempotencyStore implements IdempotencyStore {
  readonly #database: SettingsDatabase;
  readonly #expired: ExpiredRows;

  constructor(database: SettingsDatabase, clock?: Clock) {
    this.#database = database;
    this.#expired = new ExpiredRows(database, 'sandport_idempotency', clock);
  }

  async claim(claim: IdempotencyClaim, { signal }: SettingsCallOptions = {}): Promise<IdempotencyRecord | undefined> {
    checkClaim(claim);
    const call = { operation: 'claimIdempotencyKey', signal };
    await this.#expired.removeSome(call);
    return this.#database.write(call, (transaction) => claimIn(transaction, claim));
  }

  find(keyDigest: string, { signal }: SettingsCallOptions = {}): Promise<IdempotencyRecord | undefined> {
    return this.#database.read({ operation: 'findIdempotencyKey', signal }, async (tables) => {
      const found = await findRecord(tables, keyDigest);
      return found === undefined || found.isExpired ? undefined : found.record;
    });
  }

  beat(keyDigest: string, owner: string, { signal }: SettingsCallOptions = {}): Promise<boolean> {
    return this.#database.write({ operation: 'beatIdempotencyKey', signal }, async (transaction) => {
      const update = running(transaction, keyDigest, owner).set((row) => ({ beat: row('beat', '+', 1) }));
      return (await update.executeTakeFirstOrThrow()).numUpdatedRows === 1n;
    });
  }

  async finish(keyDigest: string, owner: string, outcome: string, { signal }: SettingsCallOptions = {}): Promise<boolean> {
    checkOutcome(outcome);
    return this.#database.write({ operation: 'keepOutcome', signal }, async (transaction) => {
      const update = running(transaction, keyDigest, owner).set({ state: 'finished', outcome });
      return (await update.executeTakeFirstOrThrow()).numUpdatedRows === 1n;
    });
  }

  release(keyDigest: string, owner: string, { signal }: SettingsCallOptions = {}): Promise<boolean> {
    return this.#database.write({ operation: 'releaseIdempotencyKey', signal }, async (transaction) => {
      const removal = transaction.deleteFrom('sandport_idempotency').where('key_digest', '=', keyDigest);
      const { numDeletedRows } = await removal.where('owner', '=', owner).where('state', '=', 'running').executeTakeFirstOrThrow();
      return numDeletedRows === 1n;
    });
  }

  markLost(keyDigest: string, seen: Pick<IdempotencyRecord, 'owner' | 'beat'>, { signal }: SettingsCallOptions = {}): Promise<boolean> {
    return this.#database.write({ operation: 'giveUpIdempotentCall', signal }, async (transaction) => {
      const update = running(transaction, keyDigest, seen.owner).set({ state: 'lost' }).where('beat', '=', seen.beat);
      return (await update.executeTakeFirstOrThrow()).numUpdatedRows === 1n;
    });
  }
}

/** The record of an owner, as long as nobody has given it up. */
function running(transaction: Transaction<Tables>, keyDigest: string, owner: string) {
  const update = transaction.updateTable('sandport_idempotency').where('key_digest', '=', keyDigest);
  return update.where('owner', '=', owner).where('state', '=', 'running');
}

async function claimIn(transaction: Kysely<Tables>, claim: IdempotencyClaim): Promise<IdempotencyRecord | undefined> {
  const { keyDigest, requestDigest, owner, windowMs } = claim;
  // Whoever came first may have let go of the key by the time we look at it. The call's deadline ends the loop.
  for (;;) {
    const found = await findRecord(transaction, keyDigest);
    if (found !== undefined && !found.isExpired) return found.record;
    if (found !== undefined) await removeExpired(transaction, keyDigest);
    const insert = transaction.insertInto('sandport_idempotency').values({
      key_digest: keyDigest,
      request_digest: requestDigest,
      state: 'running',
      owner,
      beat: 0,
      expires_at_ms: await timeFromNow(transaction, windowMs),
      outcome: null,
    });
    if (await insertIfFree(transaction, insert)) return undefined;
  }
}

async function removeExpired(transaction: Kysely<Tables>, keyDigest: string): Promise<void> {
  const now = await databaseTime(transaction);
  await transaction.deleteFrom('sandport_idempotency').where('key_digest', '=', keyDigest).where('expires_at_ms', '<=', now).execute();
}
