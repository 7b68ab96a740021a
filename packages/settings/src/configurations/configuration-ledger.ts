import { passportSetting, VERSION_SETTING, type ActiveVersion, type JsonObject, type Passport } from '@sandport/core';
import type { Transaction } from 'kysely';
import type { Tables } from '../database/tables.ts';
import type { KeyRing } from '../secrets/key-ring.ts';
import { changedRows, type ConfigurationDocument } from './configuration-document.ts';
import { diffDocuments } from './document-diff.ts';
import { providersUsedBy } from './document-reading.ts';
import { passportOf } from './passport-of.ts';
import type { ProviderCatalog } from './provider-catalog.ts';
import { decodeDocument, encodeDocument, wholeDocument } from './recorded-document.ts';
import { insertAudit, type AuditEntry } from './rows/audit-rows.ts';
import { governedRows, lockSandboxRows, putSetting, removeSetting, replaceGovernedRows } from './rows/setting-rows.ts';
import { lockState, writeState, type ConfigurationState } from './rows/state-row.ts';
import { getVersion, insertVersion, markActive, type VersionRecord } from './rows/version-rows.ts';
import { RowsMovedError } from './rows-moved-error.ts';

/** Differences that an audit entry lists; of more it tells how many. */
const MAX_AUDITED_CHANGES = 100;

/** What a change of the configuration works with. */
export interface LedgerContext {
  readonly transaction: Transaction<Tables>;
  readonly catalog: ProviderCatalog;
  readonly keyRing: KeyRing | undefined;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/** A version that is to be written down. */
export type NewVersion = Pick<VersionRecord, 'parent' | 'author' | 'reason'> & { readonly document: ConfigurationDocument };

/**
 * The books of the configuration, held by one transaction: rows in use, versions and audit. While one holds them all others wait.
 * Nothing of what it wrote counts before {@link ConfigurationLedger.close}.
 */
export class ConfigurationLedger {
  readonly context: LedgerContext;
  #state: ConfigurationState;
  /** The governed rows as they are in the table. */
  #rows: ConfigurationDocument;
  /** Whether the rows were there before the first version. */
  #isFirstImport = false;
  /** Rows of passports that are in the table. */
  #passportRows: ReadonlySet<string>;

  /**
   * Takes the books. Rows that another program wrote since they were closed last are written down first, as a version of their own, so that nothing is lost.
   *
   * @throws SandboxError `SECRET_UNREADABLE` or `CONFIG_MISSING` when that takes a master key which is not there.
   */
  static async open(context: LedgerContext): Promise<ConfigurationLedger> {
    const state = await lockState(context.transaction);
    const ledger = new ConfigurationLedger(context, state, await lockSandboxRows(context.transaction));
    await ledger.#recordForeignRows();
    return ledger;
  }

  private constructor(context: LedgerContext, state: ConfigurationState, table: ReadonlyMap<string, unknown>) {
    this.context = context;
    this.#state = state;
    this.#rows = governedRows(table);
    this.#passportRows = new Set([...table.keys()].filter((name) => name.startsWith(passportSetting(''))));
  }

  /** The version in use; `null` before the first. */
  get activeVersion(): number | null {
    return this.#state.activeVersion;
  }

  /** Whether somebody who saw this version in use has seen what is in use now. Who saw none has seen the rows that were there before the first version. */
  wasSeenBy(expected: number | null): boolean {
    return expected === this.#state.activeVersion || (expected === null && this.#isFirstImport);
  }

  /** The rows in use. */
  get rows(): ConfigurationDocument {
    return this.#rows;
  }

  /** @throws SandboxError `CONFIG_MISSING` when there is no such version, `SECRET_UNREADABLE` when it cannot be read whole. */
  async version(number: number): Promise<{ readonly record: VersionRecord; readonly rows: ConfigurationDocument }> {
    const { record, document } = await getVersion(this.context.transaction, number);
    return { record, rows: wholeDocument(decodeDocument(number, document, this.context.keyRing)) };
  }

  /** Writes a version down as a draft, and gives its number. */
  async addVersion({ document, ...version }: NewVersion): Promise<number> {
    const { transaction, catalog, keyRing, nowMs } = this.context;
    const number = this.#state.lastVersion + 1;
    const record: VersionRecord = { ...version, number, state: 'draft', createdAtMs: nowMs, activatedAtMs: null };
    await insertVersion(transaction, record, encodeDocument(document, catalog, keyRing));
    this.#state = { ...this.#state, lastVersion: number };
    return number;
  }

  /** Makes a version the one in use: its rows, the row that names it, and the passports that speak for it. */
  async makeActive(active: ActiveVersion, document: ConfigurationDocument): Promise<void> {
    const { transaction, nowMs } = this.context;
    if (!(await replaceGovernedRows(transaction, this.#rows, document))) throw new RowsMovedError();
    await putSetting(transaction, VERSION_SETTING, JSON.stringify(active));
    await markActive(transaction, active.number, nowMs);
    this.#state = { ...this.#state, activeVersion: active.number };
    this.#rows = document;
    await this.#replacePassportRows();
  }

  async addAudit(entry: Pick<AuditEntry, 'actor' | 'action' | 'version' | 'summary'>): Promise<void> {
    const sequence = this.#state.lastAudit + 1;
    await insertAudit(this.context.transaction, { ...entry, sequence, atMs: this.context.nowMs });
    this.#state = { ...this.#state, lastAudit: sequence };
  }

  /** What is different between two documents, for an audit entry: rows and fields, no values. */
  changesFor(before: ConfigurationDocument, after: ConfigurationDocument): JsonObject {
    const unreadable = new Map();
    const differences = diffDocuments({ rows: before, unreadable }, { rows: after, unreadable }, this.context);
    const changes = differences.slice(0, MAX_AUDITED_CHANGES).map(({ row, field, kind }) => ({ row, field, kind }));
    return differences.length > changes.length ? { changes, omitted: differences.length - changes.length } : { changes };
  }

  /** The newest passport of a configuration that is in a document. */
  passportFor(document: ConfigurationDocument, providerId: string): Promise<Passport | undefined> {
    const { transaction, nowMs } = this.context;
    return passportOf(transaction, document, providerId, nowMs);
  }

  /** Writes down what the numbers have come to. */
  async close(): Promise<void> {
    await writeState(this.context.transaction, this.#state);
  }

  async #recordForeignRows(): Promise<void> {
    const parent = this.#state.activeVersion;
    const known: ConfigurationDocument = parent === null ? new Map() : (await this.version(parent)).rows;
    if (changedRows(known, this.#rows).length === 0) return;
    this.#isFirstImport = parent === null;
    const reason = parent === null ? 'found in the table' : 'written directly into the table';
    const number = await this.addVersion({ parent, author: 'unknown', reason, document: this.#rows });
    await this.makeActive({ number }, this.#rows);
    await this.addAudit({
      actor: 'unknown',
      action: 'record',
      version: number,
      summary: { reason, ...this.changesFor(known, this.#rows) },
    });
  }

  async #replacePassportRows(): Promise<void> {
    const { transaction } = this.context;
    const wanted = new Set<string>();
    for (const providerId of providersUsedBy(this.#rows)) {
      const passport = await this.passportFor(this.#rows, providerId);
      if (passport === undefined) continue;
      wanted.add(passportSetting(providerId));
      await putSetting(transaction, passportSetting(providerId), JSON.stringify(passport));
    }
    for (const name of this.#passportRows) if (!wanted.has(name)) await removeSetting(transaction, name);
    this.#passportRows = wanted;
  }
}
