import { closeSync, existsSync, openSync, statSync } from 'node:fs';
import { SandboxError } from '@sandport/core';
import { Kysely, sql } from 'kysely';
import Database from 'libsql';
import type { Tables } from '../tables.ts';
import { LibsqlDialect } from './libsql-dialect.ts';
import { isBusy } from './sqlite-errors.ts';

/** One open connection to a database file. Calls must not overlap. */
export class SqliteConnection {
  readonly tables: Kysely<Tables>;
  readonly #path: string;
  readonly #identity: string | undefined;
  /** Failures of statements, as opposed to those of whoever asked for them. */
  readonly #failures = new WeakSet<object>();
  #isClean = true;

  private constructor(path: string, database: Database.Database) {
    this.#path = path;
    this.#identity = identityOf(path);
    this.tables = new Kysely<Tables>({ dialect: new LibsqlDialect(database, (error) => this.#note(error)) });
  }

  /** Opens the file, creating it when absent. Fails at once when another process holds a lock. */
  static async open(path: string, create: boolean): Promise<SqliteConnection> {
    prepareFile(path, create);
    const connection = new SqliteConnection(path, new Database(path));
    try {
      await prepareJournal(connection.tables);
    } catch (error) {
      await connection.close();
      throw error;
    }
    return connection;
  }

  /**
   * Whether it may serve another call: no statement of it failed (libsql keeps a failed one half open, and with it a lock or an old
   * view of the rows), and no other file took its place at the path.
   */
  isUsable(): boolean {
    return this.#isClean && identityOf(this.#path) === this.#identity;
  }

  /** Whether a failure came from the database. */
  isOwnFailure(error: unknown): boolean {
    return typeof error === 'object' && error !== null && this.#failures.has(error);
  }

  #note(error: unknown): void {
    this.#isClean = false;
    if (typeof error === 'object' && error !== null) this.#failures.add(error);
  }

  /**
   * Brings the write-ahead log into the main file, so that a copy of that file alone is whole: the library lets go of its
   * statements, and with them of the files, only when the garbage collector comes by.
   */
  async close(): Promise<void> {
    try {
      if (this.#isClean) await sql`pragma wal_checkpoint(truncate)`.execute(this.tables);
    } catch (error) {
      // Another process at work is no failure: the log stays for that process to bring in.
      if (!isBusy(error)) throw error;
    } finally {
      await this.tables.destroy();
    }
  }
}

function prepareFile(path: string, create: boolean): void {
  if (existsSync(path)) return;
  if (!create) {
    throw new SandboxError('CONFIG_MISSING', `There is no settings database at "${path}".`, {
      operation: 'openSettings',
      suggestion: 'Choose a provider with `sandport config use wasm`, which creates it, or correct the path.',
      details: { path },
    });
  }
  // It will hold credentials, so it belongs to its owner alone. SQLite gives its side files the same mode.
  closeSync(openSync(path, 'a', 0o600));
}

function identityOf(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? undefined : `${stats.dev}:${stats.ino}`;
}

/** A file that another program made keeps its own way of writing; a new one lets readers and a writer work at the same time. */
async function prepareJournal(tables: Kysely<Tables>): Promise<void> {
  const { rows } = await sql`select 1 from sqlite_master limit 1`.execute(tables);
  if (rows.length === 0) await sql`pragma journal_mode = wal`.execute(tables);
}
