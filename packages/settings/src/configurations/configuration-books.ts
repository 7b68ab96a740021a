import type { SandboxError, SettingsCallOptions } from '@sandport/core';
import type { Kysely, Transaction } from 'kysely';
import type { SettingsDatabase } from '../database/settings-database.ts';
import type { Tables } from '../database/tables.ts';
import type { KeyRing } from '../secrets/key-ring.ts';
import type { KeyRingSource } from '../secrets/key-ring-source.ts';
import { describeConflict } from './configuration-conflict.ts';
import { ConfigurationLedger, type LedgerContext } from './configuration-ledger.ts';
import type { ProviderCatalog } from './provider-catalog.ts';
import { RowsMovedError } from './rows-moved-error.ts';

/** How often a change is begun anew because another program put rows in. */
const MAX_ATTEMPTS = 5;

/** What the books are kept with. */
export interface BooksOptions {
  readonly database: SettingsDatabase;
  readonly catalog: ProviderCatalog;
  readonly keys: Pick<KeyRingSource, 'newest'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** A call of which the books are told. */
export interface BooksCall extends SettingsCallOptions {
  readonly operation: string;
}

/** Opens the books of the configuration: for reading, or held by one writer at a time. */
export class ConfigurationBooks {
  readonly #options: BooksOptions;

  constructor(options: BooksOptions) {
    this.#options = options;
  }

  get catalog(): ProviderCatalog {
    return this.#options.catalog;
  }

  now(): number {
    return this.#options.now();
  }

  keyRing({ signal }: SettingsCallOptions): Promise<KeyRing | undefined> {
    return this.#options.keys.newest({ signal });
  }

  read<Value>(call: BooksCall, work: (tables: Kysely<Tables>) => Promise<Value>): Promise<Value> {
    return this.#options.database.read(call, work);
  }

  /** One transaction over the tables, for what needs neither ledger nor keys. */
  transaction<Value>(call: BooksCall, work: (transaction: Transaction<Tables>) => Promise<Value>): Promise<Value> {
    return this.#options.database.write(call, work);
  }

  /** One transaction over the tables with the newest keys, for what needs no ledger. */
  async write<Value>(call: BooksCall, work: (context: LedgerContext) => Promise<Value>): Promise<Value> {
    const { database, catalog } = this.#options;
    const keyRing = await this.keyRing(call);
    return database.write(call, (transaction) => work({ transaction, catalog, keyRing, nowMs: this.now() }));
  }

  /** One transaction with the ledger: everything that `work` did, or nothing. */
  async change<Value>(call: BooksCall, work: (ledger: ConfigurationLedger) => Promise<Value>): Promise<Value> {
    for (let attempts = 1; ; attempts += 1) {
      try {
        return await this.write(call, async (context) => {
          const ledger = await ConfigurationLedger.open(context);
          const value = await work(ledger);
          await ledger.close();
          return value;
        });
      } catch (error) {
        if (!(error instanceof RowsMovedError) || attempts === MAX_ATTEMPTS) throw error;
      }
    }
  }

  /**
   * As {@link change}, for an author who looked at one version. When another one is in use by now, nothing is done but to write down what other programs have changed.
   *
   * @throws SandboxError `CONFIG_CONFLICT`
   */
  async changeSeen<Value>(call: BooksCall, expected: number | null, work: (ledger: ConfigurationLedger) => Promise<Value>): Promise<Value> {
    const outcome = await this.change(call, async (ledger): Promise<{ value: Value } | { conflict: SandboxError }> => {
      if (ledger.wasSeenBy(expected)) return { value: await work(ledger) };
      return { conflict: await describeConflict(ledger, expected, call.operation) };
    });
    if ('conflict' in outcome) throw outcome.conflict;
    return outcome.value;
  }
}
