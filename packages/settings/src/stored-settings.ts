import type { JsonObject, Setting, SettingsCallOptions, SettingsStore } from '@sandport/core';
import { readRows } from './database/rows/read-rows.ts';
import { checkSettings } from './database/rows/setting-check.ts';
import { writeRows } from './database/rows/write-rows.ts';
import type { SettingsDatabase } from './database/settings-database.ts';

/** Settings that can also be written. */
export interface StoredSettings extends SettingsStore {
  /** Creates or replaces these rows in one transaction. */
  write(settings: readonly Setting[], options?: SettingsCallOptions): Promise<void>;
}

/**
 * The settings in a database. Closing them closes the database.
 *
 * Beside the errors of the database, calls throw `REQUEST_INVALID` for a name or text that the table cannot hold, and `CONFIG_INVALID` for a row that holds no text.
 */
export function settingsIn(database: SettingsDatabase): StoredSettings {
  return new DatabaseSettings(database);
}

class DatabaseSettings implements StoredSettings {
  readonly #database: SettingsDatabase;

  constructor(database: SettingsDatabase) {
    this.#database = database;
  }

  read(names: readonly string[], { signal }: SettingsCallOptions = {}): Promise<ReadonlyMap<string, Setting>> {
    return readRows(this.#database, names, { signal });
  }

  async write(settings: readonly Setting[], { signal }: SettingsCallOptions = {}): Promise<void> {
    checkSettings(settings);
    await this.#database.write({ operation: 'writeSettings', signal }, (transaction) => writeRows(transaction, settings));
  }

  unseal(_name: string, config: JsonObject): Promise<JsonObject> {
    return Promise.resolve(config);
  }

  close(): Promise<void> {
    return this.#database.close();
  }
}
