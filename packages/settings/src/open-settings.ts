import { openDatabase, type DatabaseOptions } from './database/open-database.ts';
import { openMysqlDatabase, type MysqlDatabaseOptions } from './database/mysql/open-mysql-database.ts';
import { openPostgresDatabase, type PostgresDatabaseOptions } from './database/postgres/open-postgres-database.ts';
import { openSqliteDatabase, type SqliteDatabaseOptions } from './database/sqlite/open-sqlite-database.ts';
import { settingsIn, type StoredSettings } from './stored-settings.ts';

/** How settings in a file are opened. */
export type SqliteSettingsOptions = SqliteDatabaseOptions;
/** How settings in PostgreSQL are opened. */
export type PostgresSettingsOptions = PostgresDatabaseOptions;
/** How settings in MySQL or MariaDB are opened. */
export type MysqlSettingsOptions = MysqlDatabaseOptions;

/** Settings in one SQLite file that several processes may use at a time. Nothing is opened or created before the first call. */
export function openSqliteSettings(options: SqliteSettingsOptions): StoredSettings {
  return settingsIn(openSqliteDatabase(options));
}

/** Settings in a PostgreSQL database. Nothing is connected or loaded before the first call. */
export function openPostgresSettings(options: PostgresSettingsOptions): StoredSettings {
  return settingsIn(openPostgresDatabase(options));
}

/** Settings in a MySQL or MariaDB database. Nothing is connected or loaded before the first call. */
export function openMysqlSettings(options: MysqlSettingsOptions): StoredSettings {
  return settingsIn(openMysqlDatabase(options));
}

/** Settings at a location; see `openDatabase`. */
export function openSettings(location: string, options?: DatabaseOptions): StoredSettings {
  return settingsIn(openDatabase(location, options));
}
