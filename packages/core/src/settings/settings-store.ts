import type { JsonObject } from '../json.ts';
import type { IdempotencyStore } from './idempotency-store.ts';
import type { SessionStore } from './session-store.ts';
import type { UsageStore } from './usage-store.ts';

/** One row of stored configuration. */
export interface Setting {
  /** Exact name, at most 128 characters; the primary key. */
  readonly name: string;
  /** Who wrote it, for example `sandport`. */
  readonly source: string;
  /** How the value is to be read: `string` or `json`. */
  readonly dataType: string;
  /** The text itself, without a length limit. */
  readonly value: string;
}

/** How a call to the settings may be ended early. */
export interface SettingsCallOptions {
  readonly signal?: AbortSignal | undefined;
}

/**
 * The port through which running programs read stored configuration. Look-ups are by exact name.
 *
 * An implementer throws `SandboxError` `SETTINGS_UNAVAILABLE` when the database cannot be reached or does not answer in time, and never
 * answers `undefined` for a row that could not be read. Every call has a deadline of its own.
 */
export interface SettingsStore {
  /** The rows that exist among these names, seen from one moment. Missing names are simply absent from the map. */
  read(names: readonly string[], options?: SettingsCallOptions): Promise<ReadonlyMap<string, Setting>>;

  /**
   * The same rows as a recorded version had them, whatever is in use now. Absent where the store records no versions.
   *
   * @throws SandboxError `CONFIG_MISSING` when there is no such version.
   */
  readVersion?(version: number, names: readonly string[], options?: SettingsCallOptions): Promise<ReadonlyMap<string, Setting>>;

  /**
   * The configuration of a row with its secrets in the clear, for the provider alone. A configuration without sealed secrets comes back as it is.
   *
   * @throws SandboxError `SECRET_UNREADABLE` naming the row, when the master key is missing or another one, or the row was tampered with.
   */
  unseal(name: string, config: JsonObject, options?: SettingsCallOptions): Promise<JsonObject>;

  /** Remembers calls by their idempotency keys. Absent where the store cannot. */
  readonly idempotency?: IdempotencyStore;

  /** Remembers which sandbox belongs to a session's key. Absent where the store cannot. */
  readonly sessions?: SessionStore;

  /** Keeps what clients count of their calls. Absent where the store cannot. */
  readonly usage?: UsageStore;

  /** Frees connections and files. Idempotent. */
  close(): Promise<void>;
}
