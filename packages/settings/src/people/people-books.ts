import type { JsonObject } from '@sandport/core';
import type { Transaction } from 'kysely';
import { insertAudit, type AuditAction } from '../configurations/rows/audit-rows.ts';
import { lockState, writeState } from '../configurations/rows/state-row.ts';
import type { DatabaseCall, SettingsDatabase } from '../database/settings-database.ts';
import type { Tables } from '../database/tables.ts';

/** A change of people that goes on: nobody else changes people or the configuration meanwhile. */
export interface PeopleChange {
  readonly transaction: Transaction<Tables>;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  readonly addAudit: (actor: string, action: AuditAction, summary: JsonObject) => Promise<void>;
}

/** The tables about people: read, or changed by one at a time with what the audit says of it. */
export class PeopleBooks {
  readonly database: SettingsDatabase;
  readonly #now: () => number;

  constructor(database: SettingsDatabase, now: () => number) {
    this.database = database;
    this.#now = now;
  }

  /** One transaction that holds the books: everything that `work` did, or nothing. */
  change<Value>(call: DatabaseCall, work: (change: PeopleChange) => Promise<Value>): Promise<Value> {
    return this.database.write(call, async (transaction) => {
      const state = await lockState(transaction);
      const nowMs = this.#now();
      let lastAudit = state.lastAudit;
      const value = await work({
        transaction,
        nowMs,
        addAudit: async (actor, action, summary) => {
          lastAudit += 1;
          await insertAudit(transaction, { sequence: lastAudit, atMs: nowMs, actor, action, version: null, summary });
        },
      });
      if (lastAudit !== state.lastAudit) await writeState(transaction, { ...state, lastAudit });
      return value;
    });
  }
}
