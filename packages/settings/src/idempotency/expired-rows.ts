import { monotonicClock, type Clock } from '@sandport/core';
import type { Kysely } from 'kysely';
import type { DatabaseCall, SettingsDatabase } from '../database/settings-database.ts';
import type { Tables } from '../database/tables.ts';
import { databaseTime } from './database-time.ts';

/** How often one process looks for records whose time is over. */
const PAUSE_MS = 60_000;

/** Records that one look removes at most, so that no call waits for a long clearing. */
const MOST_AT_ONCE = 100;

/** Removes records whose time is over, now and then and a few at a time, while calls come that make new ones. */
export class ExpiredRows {
  readonly #database: SettingsDatabase;
  readonly #table: 'sandport_idempotency' | 'sandport_sessions';
  readonly #clock: Clock;
  #nextAtMs = Number.NEGATIVE_INFINITY;

  constructor(database: SettingsDatabase, table: 'sandport_idempotency' | 'sandport_sessions', clock: Clock = monotonicClock) {
    this.#database = database;
    this.#table = table;
    this.#clock = clock;
  }

  async removeSome(call: DatabaseCall): Promise<void> {
    if (this.#clock() < this.#nextAtMs) return;
    this.#nextAtMs = this.#clock() + PAUSE_MS;
    const keys = await this.#database.read(call, (tables) => this.#findSome(tables));
    if (keys.length === 0) return;
    await this.#database.write(call, async (transaction) => {
      const now = await databaseTime(transaction);
      // In one order, so that two processes at it wait for each other instead of blocking each other.
      for (const key of keys.toSorted()) {
        await transaction.deleteFrom(this.#table).where('key_digest', '=', key).where('expires_at_ms', '<=', now).execute();
      }
    });
  }

  async #findSome(tables: Kysely<Tables>): Promise<string[]> {
    const now = await databaseTime(tables);
    const query = tables.selectFrom(this.#table).select('key_digest').where('expires_at_ms', '<=', now).limit(MOST_AT_ONCE);
    return (await query.execute()).map(({ key_digest: key }) => key);
  }
}
