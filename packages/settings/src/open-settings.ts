import { openSqliteDatabase, type SqliteDatabaseOptions } from './database/sqlite/open-sqlite-database.ts';
import { settingsIn, type StoredSettings } from './stored-settings.ts';

/** How a settings database in a file is opened. */
export type SqliteSettingsOptions = SqliteDatabaseOptions;

/** Settings in one SQLite file that several processes may use at a time. Nothing is opened or created before the first call. */
export function openSqliteSettings(options: SqliteSettingsOptions): StoredSettings {
  return settingsIn(openSqliteDatabase(options));
}
