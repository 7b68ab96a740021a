import { abortForMany } from '../abort-for-many.ts';
import { CallScope } from '../call-scope.ts';
import { missingTables } from '../migrations/schema-mismatch.ts';
import type { DatabaseCall, SettingsDatabase } from '../settings-database.ts';
import { Turns } from '../turns.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import { isBusy, isStatementRefused, toSettingsError } from './sqlite-errors.ts';

/** How a database file is opened. */
export interface SqliteDatabaseOptions {
  /** Path of the database file. Its folder must exist. */
  readonly path: string;
  /** Whether an absent file is created (readable by its owner only). Otherwise it is `CONFIG_MISSING`. @default true */
  readonly create?: boolean;
  /** How long a call waits for a lock of another process, in milliseconds. @default 5000 */
  readonly busyTimeoutMs?: number;
  /** Whether missing tables are made with the first call. Otherwise they are `SETTINGS_SCHEMA_MISMATCH`. @default what `create` is */
  readonly migrateOnOpen?: boolean;
}

/**
 * A database in one SQLite file that several processes may use at a time. Nothing is opened or created before the first call.
 *
 * Beside the errors of {@link SettingsDatabase}, calls throw `CONFIG_MISSING` for an absent file with `create: false`.
 */
export function openSqliteDatabase(options: SqliteDatabaseOptions): SettingsDatabase {
  return new SqliteDatabase(options);
}

type Work<Value> = (connection: SqliteConnection) => Promise<Value>;

interface Failure {
  readonly error: unknown;
  /** Whether it came from the database. What the caller's own work throws is handed on as it is. */
  readonly isDatabases: boolean;
}

class SqliteDatabase implements SettingsDatabase {
  readonly kind = 'sqlite';
  readonly location: string;
  readonly #create: boolean;
  readonly #busyTimeoutMs: number;
  readonly #migrateOnOpen: boolean;
  /** The one connection serves one call at a time. */
  readonly #turns = new Turns(1);
  readonly #closing = abortForMany();
  #connection: SqliteConnection | undefined;
  #hasSchema = false;
  #closed: Promise<void> | undefined;

  constructor({ path, create = true, busyTimeoutMs = 5000, migrateOnOpen = create }: SqliteDatabaseOptions) {
    this.location = path;
    this.#create = create;
    this.#busyTimeoutMs = busyTimeoutMs;
    this.#migrateOnOpen = migrateOnOpen;
  }

  read: SettingsDatabase['read'] = (call, work) => this.#perform(call, ({ tables }) => work(tables));

  write: SettingsDatabase['write'] = (call, work) => this.#perform(call, ({ tables }) => tables.transaction().execute(work));

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    const giveBack = await this.#turns.take();
    try {
      await this.#disconnect();
    } finally {
      giveBack();
    }
  }

  /**
   * Runs one call, again and again while another process holds the lock. SQLite's own busy handler would block the whole event
   * loop; waiting here keeps timers and signals alive. A call that met a lock has changed nothing, so repeating it is safe.
   */
  async #perform<Value>(call: DatabaseCall, work: Work<Value>): Promise<Value> {
    const timeoutMs = call.timeoutMs ?? this.#busyTimeoutMs;
    const scope = new CallScope({ call, location: this.location, timeoutMs, closing: this.#closing.signal });
    try {
      for (let attempts = 1; ; attempts += 1) {
        const outcome = await this.#attempt(call, scope, work);
        if ('value' in outcome) return outcome.value;
        const { error } = outcome;
        if (!outcome.isDatabases) throw error;
        const explained = toSettingsError(error, this.location, call.operation);
        if (!isBusy(error) || scope.isOver) throw explained;
        await this.#pause(scope, attempts, explained);
      }
    } finally {
      scope.end();
    }
  }

  async #pause(scope: CallScope, attempts: number, lock: Error): Promise<void> {
    try {
      await scope.pause(attempts);
    } catch (error) {
      // That there is a lock says more than that the time is over.
      throw scope.isOver ? lock : error;
    }
  }

  async #attempt<Value>(call: DatabaseCall, scope: CallScope, work: Work<Value>): Promise<{ readonly value: Value } | Failure> {
    const giveBack = await this.#turns.take(scope.waiting);
    let connection: SqliteConnection | undefined;
    try {
      connection = await this.#connect();
      await this.#checkSchema(call, connection);
      return { value: await work(connection) };
    } catch (error) {
      const isDatabases = connection === undefined || connection.isOwnFailure(error);
      if (connection === undefined || !isStatementRefused(error)) return { error, isDatabases };
      return { error: await this.#explainRefusal(error, call, connection), isDatabases };
    } finally {
      giveBack();
    }
  }

  async #checkSchema(call: DatabaseCall, { tables }: SqliteConnection): Promise<void> {
    if (call.anySchema === true) {
      this.#hasSchema = false;
    } else if (!this.#hasSchema) {
      const { ensureSchema } = await import('../migrations/ensure-schema.ts');
      await ensureSchema({ tables, location: this.location, migrate: this.#migrateOnOpen, operation: call.operation });
      this.#hasSchema = true;
    }
  }

  /** SQLite has no code for a table that is missing, so the tables are looked at. */
  async #explainRefusal(error: unknown, { operation }: DatabaseCall, { tables }: SqliteConnection): Promise<unknown> {
    const { findMissingParts } = await import('./missing-parts.ts');
    const missing = await findMissingParts(tables);
    return missing.length === 0 ? error : missingTables({ location: this.location, operation }, missing, error);
  }

  async #connect(): Promise<SqliteConnection> {
    if (this.#connection?.isUsable() === true) return this.#connection;
    await this.#disconnect();
    const { SqliteConnection: Connection } = await import('./sqlite-connection.ts');
    this.#connection = await Connection.open(this.location, this.#create);
    return this.#connection;
  }

  async #disconnect(): Promise<void> {
    const former = this.#connection;
    this.#connection = undefined;
    // Whatever is opened next may be another file.
    this.#hasSchema = false;
    try {
      await former?.close();
    } catch (error) {
      throw toSettingsError(error, this.location, 'closeSettings');
    }
  }
}
