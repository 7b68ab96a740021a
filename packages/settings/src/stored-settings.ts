import {
  configDigest,
  providerConfigSetting,
  type IdempotencyStore,
  type JsonObject,
  type ProviderDefinition,
  type SessionStore,
  type Setting,
  type SettingsCallOptions,
  type SettingsStore,
  type UsageStore,
} from '@sandport/core';
import { ConfigurationStore } from './configurations/configuration-store.ts';
import { ProviderCatalog } from './configurations/provider-catalog.ts';
import { storedConfiguration } from './configurations/stored-configuration.ts';
import { migrateDown, migrateUp, migrationState, type MigrationState } from './database/migrations/migrate.ts';
import { readRows } from './database/rows/read-rows.ts';
import { checkSettings } from './database/rows/setting-check.ts';
import { writeRows } from './database/rows/write-rows.ts';
import type { SettingsDatabase } from './database/settings-database.ts';
import { DatabaseIdempotencyStore } from './idempotency/database-idempotency-store.ts';
import { DatabasePeopleStore } from './people/database-people-store.ts';
import type { PeopleStore } from './people/people-store.ts';
import { KeyRingSource } from './secrets/key-ring-source.ts';
import type { KeyRing } from './secrets/key-ring.ts';
import { openSealedConfig } from './secrets/sealed-config.ts';
import { masterKeyIdOf } from './secrets/sealed-member.ts';
import { DatabaseSessionStore } from './sessions/database-session-store.ts';
import { DatabaseUsageStore } from './usage/database-usage-store.ts';

/** What belongs to stored settings beside their database. */
export interface StoredSettingsOptions {
  /** The providers that this program carries. Without its definition a provider's configuration can be read, and neither checked nor changed. @default [] */
  readonly providers?: readonly ProviderDefinition[];
  /** Where master keys are looked for. @default `process.env` */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Master keys that the caller has already; nothing else is looked at then. */
  readonly keyRing?: KeyRing;
  /** File with master keys that is used when nothing else names a key. @default for settings in a SQLite file its path with `.key` behind it */
  readonly defaultKeyFile?: string;
  /** The time in milliseconds since the epoch, for dates of versions and ages of passports. @default `Date.now` */
  readonly now?: () => number;
}

/** A configuration that can be handed to its provider, and to nobody else. */
export interface OpenedConfiguration {
  readonly config: JsonObject;
  /** Of the configuration as it is stored: what a passport is proof for. */
  readonly configDigest: string;
}

/** Stored settings: the port through which programs read, and everything by which operators change. Its parts share one database. */
export interface StoredSettings extends SettingsStore {
  /** Where they are, fit to be shown: without a password. */
  readonly location: string;
  /** Versions of the configuration, and how it is changed. */
  readonly configurations: ConfigurationStore;
  readonly idempotency: IdempotencyStore;
  readonly sessions: SessionStore;
  /** Who may enter the admin app. */
  readonly people: PeopleStore;
  readonly usage: UsageStore;
  readVersion(version: number, names: readonly string[], options?: SettingsCallOptions): Promise<ReadonlyMap<string, Setting>>;
  /**
   * A provider's configuration with its secrets in the clear, for the provider alone.
   *
   * @param version `null` for the rows in use.
   * @throws SandboxError `CONFIG_MISSING` when there is no such version, or it has none of the provider; `CONFIG_INVALID` when the row is broken; `SECRET_UNREADABLE` as `unseal`.
   */
  openConfiguration(providerId: string, version: number | null, options?: SettingsCallOptions): Promise<OpenedConfiguration>;
  /**
   * Creates or replaces these rows in one transaction, as any other program might: unchecked and without a version. The next change of the configuration writes down what it finds then.
   * To configure Sandport use `configurations`.
   */
  write(settings: readonly Setting[], options?: SettingsCallOptions): Promise<void>;
  /** See `migrateUp`. */
  migrateUp(options?: SettingsCallOptions): Promise<readonly string[]>;
  /** See `migrateDown`. */
  migrateDown(target: string, options?: SettingsCallOptions): Promise<readonly string[]>;
  /** See `migrationState`. */
  migrationState(options?: SettingsCallOptions): Promise<readonly MigrationState[]>;
}

/**
 * The settings in a database. Closing them closes the database.
 *
 * Beside the errors of the database, calls throw `REQUEST_INVALID` for a name or text that the table cannot hold, and `CONFIG_INVALID` for a row that holds no text.
 */
export function settingsIn(database: SettingsDatabase, options: StoredSettingsOptions = {}): StoredSettings {
  return new DatabaseSettings(database, options);
}

class DatabaseSettings implements StoredSettings {
  readonly configurations: ConfigurationStore;
  readonly idempotency: IdempotencyStore;
  readonly sessions: SessionStore;
  readonly people: PeopleStore;
  readonly usage: UsageStore;
  readonly #database: SettingsDatabase;
  readonly #keys: KeyRingSource;

  constructor(
    database: SettingsDatabase,
    { providers = [], environment = process.env, keyRing, defaultKeyFile, now = Date.now }: StoredSettingsOptions,
  ) {
    this.#database = database;
    this.#keys = new KeyRingSource({ environment, keyRing, defaultKeyFile });
    this.configurations = new ConfigurationStore({ database, catalog: new ProviderCatalog(providers), keys: this.#keys, now });
    this.idempotency = new DatabaseIdempotencyStore(database);
    this.sessions = new DatabaseSessionStore(database);
    this.people = new DatabasePeopleStore(database, now);
    this.usage = new DatabaseUsageStore(database);
  }

  get location(): string {
    return this.#database.location;
  }

  read(names: readonly string[], { signal }: SettingsCallOptions = {}): Promise<ReadonlyMap<string, Setting>> {
    return readRows(this.#database, names, { signal });
  }

  readVersion(version: number, names: readonly string[], options: SettingsCallOptions = {}): Promise<ReadonlyMap<string, Setting>> {
    return this.configurations.readVersion(version, names, options);
  }

  async unseal(row: string, config: JsonObject, { signal }: SettingsCallOptions = {}): Promise<JsonObject> {
    const keyId = masterKeyIdOf({ row, config });
    if (keyId === undefined) return config;
    return openSealedConfig({ row, config, keyRing: await this.#keys.forKeyId(keyId, { signal }) });
  }

  async openConfiguration(providerId: string, version: number | null, { signal }: SettingsCallOptions = {}): Promise<OpenedConfiguration> {
    const row = providerConfigSetting(providerId);
    const rows = await (version === null ? this.read([row], { signal }) : this.readVersion(version, [row], { signal }));
    const stored = storedConfiguration(providerId, version, rows.get(row)?.value);
    return { config: await this.unseal(row, stored, { signal }), configDigest: configDigest(stored) };
  }

  async write(settings: readonly Setting[], { signal }: SettingsCallOptions = {}): Promise<void> {
    checkSettings(settings);
    await this.#database.write({ operation: 'writeSettings', signal }, (transaction) => writeRows(transaction, settings));
  }

  migrateUp(options: SettingsCallOptions = {}): Promise<readonly string[]> {
    return migrateUp(this.#database, options);
  }

  migrateDown(target: string, options: SettingsCallOptions = {}): Promise<readonly string[]> {
    return migrateDown(this.#database, target, options);
  }

  migrationState(options: SettingsCallOptions = {}): Promise<readonly MigrationState[]> {
    return migrationState(this.#database, options);
  }

  close(): Promise<void> {
    return this.#database.close();
  }
}
