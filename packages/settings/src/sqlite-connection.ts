import { closeSync, existsSync, openSync, statSync } from 'node:fs';
import { SandboxError, type Setting } from '@sandport/core';
import { Kysely, sql } from 'kysely';
import Database from 'libsql';
import { LibsqlDialect } from './libsql-dialect.ts';
import { isBusy } from './sqlite-errors.ts';

interface SettingsTables {
  system_settings: { name: string; source: string; data_type: string; value: string };
}

/** One open connection to the settings table. Calls must not overlap. */
export class SqliteConnection {
  readonly #path: string;
  readonly #identity: string | undefined;
  readonly #tables: Kysely<SettingsTables>;
  #isClean = false;

  private constructor(path: string, database: Database.Database) {
    this.#path = path;
    this.#identity = identityOf(path);
    this.#tables = new Kysely<SettingsTables>({ dialect: new LibsqlDialect(database) });
  }

  /** Opens the file, creating it and the table when absent. Fails at once when another process holds a lock. */
  static async open(path: string, create: boolean): Promise<SqliteConnection> {
    prepareFile(path, create);
    const connection = new SqliteConnection(path, new Database(path));
    try {
      await prepareTable(connection.#tables);
      connection.#isClean = true;
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

  async read(names: readonly string[]): Promise<readonly Setting[]> {
    this.#isClean = false;
    const rows = await this.#tables.selectFrom('system_settings').selectAll().where('name', 'in', names).execute();
    this.#isClean = true;
    return rows.map(toSetting);
  }

  async write(settings: readonly Setting[]): Promise<void> {
    await this.#tables.transaction().execute(async (transaction) => {
      this.#isClean = false;
      for (const { name, source, dataType, value } of settings) {
        const row = { source, data_type: dataType, value };
        await transaction
          .insertInto('system_settings')
          .values({ name, ...row })
          .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
          .execute();
      }
    });
    this.#isClean = true;
  }

  /**
   * Brings the write-ahead log into the main file, so that a copy of that file alone is whole: the library lets go of its
   * statements, and with them of the files, only when the garbage collector comes by.
   */
  async close(): Promise<void> {
    try {
      if (this.#isClean) await sql`pragma wal_checkpoint(truncate)`.execute(this.#tables);
    } catch (error) {
      // Another process at work is no failure: the log stays for that process to bring in.
      if (!isBusy(error)) throw error;
    } finally {
      await this.#tables.destroy();
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

async function prepareTable(tables: Kysely<SettingsTables>): Promise<void> {
  // A look first: a file that may only be read, or one that another program made, is used as it is.
  const { rows } = await sql`select 1 from sqlite_master where type = 'table' and name = 'system_settings'`.execute(tables);
  if (rows.length > 0) return;
  await sql`pragma journal_mode = wal`.execute(tables);
  await tables.schema
    .createTable('system_settings')
    .ifNotExists()
    .addColumn('name', 'varchar(128)', (column) => column.primaryKey().notNull())
    .addColumn('source', 'varchar(32)', (column) => column.notNull())
    .addColumn('data_type', 'varchar(32)', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute();
}

function toSetting(row: SettingsTables['system_settings']): Setting {
  // SQLite keeps whatever type another program stored, so the column's type proves nothing.
  if (typeof row.value !== 'string') {
    throw new SandboxError('CONFIG_INVALID', `The row "${row.name}" of the settings does not hold a text.`, {
      operation: 'readSettings',
      suggestion: `Store the row "${row.name}" again with \`sandport config set\` or \`sandport config use\`.`,
      details: { row: row.name },
    });
  }
  return { name: row.name, source: String(row.source), dataType: String(row.data_type), value: row.value };
}
