import type { SettingsCallOptions } from '@sandport/core';
import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/** The databases that settings can be kept in. `mysql` is MySQL and MariaDB. */
export type DatabaseKind = 'sqlite' | 'postgres' | 'mysql';

/** What is being done, and how long it may take. */
export interface DatabaseCall extends SettingsCallOptions {
  /** For errors; for example `readSettings`. */
  readonly operation: string;
  /** How long the whole call may take, in milliseconds. @default what the database was opened with */
  readonly timeoutMs?: number;
  /** Whether the call also makes sense while the tables are missing or those of another version, as only a migration's does. @default false */
  readonly anySchema?: boolean;
}

/**
 * An open database, whichever it is. Connections are made with the first call, mended after a failure, and never shared by two calls at a time. Each call has a deadline.
 *
 * Calls throw `SandboxError`: `SETTINGS_UNAVAILABLE` (cannot be reached, answers too slowly, was closed), `SETTINGS_SCHEMA_MISMATCH` (a table or column is missing, or the
 * tables are those of another version), `CANCELLED` (the signal fired; nothing was changed). What `work` itself throws as a `SandboxError` passes unchanged.
 *
 * A statement sees what was committed before it began. `work` must not call the same database again: it would wait for itself.
 */
export interface SettingsDatabase {
  readonly kind: DatabaseKind;
  /** Where it is, fit to be shown: without a password. */
  readonly location: string;
  /** Statements that only read. `work` may be run again after a lost connection or a lock. */
  read<Value>(call: DatabaseCall, work: (tables: Kysely<Tables>) => Promise<Value>): Promise<Value>;
  /**
   * One transaction: everything in `work`, or nothing. It is run again only when the database said that nothing of it was kept (a lock, a deadlock, a serialization failure); a connection that is lost
   * during the commit is an error, since nobody knows what became of it. Writers of the same row wait for each other.
   */
  write<Value>(call: DatabaseCall, work: (transaction: Transaction<Tables>) => Promise<Value>): Promise<Value>;
  /** Frees connections and files. Idempotent; calls that wait end with `SETTINGS_UNAVAILABLE`. */
  close(): Promise<void>;
}
