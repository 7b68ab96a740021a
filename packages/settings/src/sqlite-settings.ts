import { setTimeout as delay } from 'node:timers/promises';
import { SandboxError, type JsonObject, type Setting, type SettingsCallOptions, type SettingsStore } from '@sandport/core';
import { checkSettingName, checkSettings } from './setting-check.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import { isBusy, toSettingsError } from './sqlite-errors.ts';

/** How a settings database is opened. */
export interface SqliteSettingsOptions {
  /** Path of the database file. Its folder must exist. */
  readonly path: string;
  /** Whether an absent file is created (readable by its owner only). Otherwise it is `CONFIG_MISSING`. @default true */
  readonly create?: boolean;
  /** How long a call waits for a lock of another process, in milliseconds. @default 5000 */
  readonly busyTimeoutMs?: number;
}

/**
 * Settings in one SQLite file that several processes may use at a time. Nothing is opened or created before the first call.
 *
 * The calls throw `SETTINGS_UNAVAILABLE` when the file cannot be opened, read or locked, or after `close`; `REQUEST_INVALID` for a
 * name or text that the table cannot hold; `CONFIG_MISSING` for an absent file with `create: false`; `CANCELLED` when the signal
 * fired.
 */
export function openSqliteSettings(options: SqliteSettingsOptions): StoredSettings {
  return new SqliteSettingsStore(options);
}

/** Settings that can also be written. */
export interface StoredSettings extends SettingsStore {
  /** Creates or replaces these rows in one transaction. */
  write(settings: readonly Setting[], options?: SettingsCallOptions): Promise<void>;
}

class SqliteSettingsStore implements StoredSettings {
  readonly #path: string;
  readonly #create: boolean;
  readonly #busyTimeoutMs: number;
  #connection: SqliteConnection | undefined;
  /** Settles when the calls before are done: the one connection serves one call at a time. */
  #turn: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | undefined;

  constructor(options: SqliteSettingsOptions) {
    this.#path = options.path;
    this.#create = options.create ?? true;
    this.#busyTimeoutMs = options.busyTimeoutMs ?? 5000;
  }

  async read(names: readonly string[], call: SettingsCallOptions = {}): Promise<ReadonlyMap<string, Setting>> {
    for (const name of names) checkSettingName(name);
    const rows = await this.#perform('readSettings', call.signal, (connection) => connection.read(names));
    return new Map(rows.map((row) => [row.name, row]));
  }

  async write(settings: readonly Setting[], call: SettingsCallOptions = {}): Promise<void> {
    checkSettings(settings);
    await this.#perform('writeSettings', call.signal, (connection) => connection.write(settings));
  }

  unseal(_name: string, config: JsonObject): Promise<JsonObject> {
    return Promise.resolve(config);
  }

  close(): Promise<void> {
    this.#closing ??= this.#turn.then(() => this.#disconnect());
    return this.#closing;
  }

  /**
   * Runs one call, again and again while another process holds the lock. SQLite's own busy handler would block the whole event
   * loop; waiting here keeps timers and signals alive. A call that met a lock has changed nothing, so repeating it is safe.
   */
  async #perform<Value>(
    operation: string,
    signal: AbortSignal | undefined,
    work: (connection: SqliteConnection) => Promise<Value>,
  ): Promise<Value> {
    const giveUpAtMs = performance.now() + this.#busyTimeoutMs;
    for (let pauseMs = 2; ; pauseMs = Math.min(pauseMs * 2, 50)) {
      this.#checkUsable(operation, signal);
      try {
        return await this.#takeTurn(work);
      } catch (error) {
        if (!isBusy(error) || performance.now() >= giveUpAtMs) throw toSettingsError(error, this.#path, operation);
      }
      await pause(pauseMs * (0.5 + Math.random()), signal);
    }
  }

  #takeTurn<Value>(work: (connection: SqliteConnection) => Promise<Value>): Promise<Value> {
    const turn = this.#turn.then(async () => work(await this.#connect()));
    this.#turn = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }

  async #connect(): Promise<SqliteConnection> {
    if (this.#connection?.isUsable() === true) return this.#connection;
    await this.#disconnect();
    const { SqliteConnection: Connection } = await import('./sqlite-connection.ts');
    this.#connection = await Connection.open(this.#path, this.#create);
    return this.#connection;
  }

  async #disconnect(): Promise<void> {
    const former = this.#connection;
    this.#connection = undefined;
    try {
      await former?.close();
    } catch (error) {
      throw toSettingsError(error, this.#path, 'closeSettings');
    }
  }

  #checkUsable(operation: string, signal: AbortSignal | undefined): void {
    if (this.#closing !== undefined) {
      throw new SandboxError('SETTINGS_UNAVAILABLE', `The settings database "${this.#path}" was closed.`, {
        operation,
        suggestion: 'Open it again before using it.',
      });
    }
    if (signal?.aborted === true) {
      throw new SandboxError('CANCELLED', `The call to the settings database "${this.#path}" was withdrawn.`, {
        operation,
        cause: signal.reason,
      });
    }
  }
}

/** Waits; an abort only ends the waiting, the next look at the signal says so to the caller. */
async function pause(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(durationMs, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}
