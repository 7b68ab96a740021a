import { openMysqlDatabase, type MysqlDatabaseOptions } from './database/mysql/open-mysql-database.ts';
import { openDatabase, type DatabaseOptions } from './database/open-database.ts';
import { openPostgresDatabase, type PostgresDatabaseOptions } from './database/postgres/open-postgres-database.ts';
import type { SettingsDatabase } from './database/settings-database.ts';
import { openSqliteDatabase, type SqliteDatabaseOptions } from './database/sqlite/open-sqlite-database.ts';
import { settingsIn, type StoredSettings, type StoredSettingsOptions } from './stored-settings.ts';

/** How settings in a file are opened. */
export type SqliteSettingsOptions = SqliteDatabaseOptions & StoredSettingsOptions;
/** How settings in PostgreSQL are opened. */
export type PostgresSettingsOptions = PostgresDatabaseOptions & StoredSettingsOptions;
/** How settings in MySQL or MariaDB are opened. */
export type MysqlSettingsOptions = MysqlDatabaseOptions & StoredSettingsOptions;
/** How settings at a location are opened. */
export type SettingsOptions = DatabaseOptions & StoredSettingsOptions;

/** Settings in one SQLite file that several processes may use at a time. Nothing is opened or created before the first call. */
export function openSqliteSettings(options: SqliteSettingsOptions): StoredSettings {
  return settingsIn(openSqliteDatabase(options), withKeyFile(options, options.path));
}

/** Settings in a PostgreSQL database. Nothing is connected or loaded before the first call. */
export function openPostgresSettings(options: PostgresSettingsOptions): StoredSettings {
  return settingsIn(openPostgresDatabase(options), options);
}

/** Settings in a MySQL or MariaDB database. Nothing is connected or loaded before the first call. */
export function openMysqlSettings(options: MysqlSettingsOptions): StoredSettings {
  return settingsIn(openMysqlDatabase(options), options);
}

/** Settings at a location; see `openDatabase`. */
export function openSettings(location: string, options: SettingsOptions = {}): StoredSettings {
  const database: SettingsDatabase = openDatabase(location, options);
  return settingsIn(database, database.kind === 'sqlite' ? withKeyFile(options, database.location) : options);
}

/** Who keeps settings in a file can keep the master key beside it. */
function withKeyFile(options: StoredSettingsOptions, path: string): StoredSettingsOptions {
  return { defaultKeyFile: `${path}.key`, ...options };
}
