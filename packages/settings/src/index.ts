export { migrateDown, migrateUp, migrationState, NO_MIGRATION, type MigrationState } from './database/migrations/migrate.ts';
export { openMysqlDatabase, type MysqlDatabaseOptions } from './database/mysql/open-mysql-database.ts';
export { openDatabase, type DatabaseOptions } from './database/open-database.ts';
export { openPostgresDatabase, type PostgresDatabaseOptions } from './database/postgres/open-postgres-database.ts';
export type { ServerAddress, ServerTls } from './database/server/server-address.ts';
export type { ServerDatabaseOptions } from './database/server/server-database.ts';
export type { DatabaseCall, DatabaseKind, SettingsDatabase } from './database/settings-database.ts';
export { openSqliteDatabase, type SqliteDatabaseOptions } from './database/sqlite/open-sqlite-database.ts';
export {
  openMysqlSettings,
  openPostgresSettings,
  openSettings,
  openSqliteSettings,
  type MysqlSettingsOptions,
  type PostgresSettingsOptions,
  type SqliteSettingsOptions,
} from './open-settings.ts';
export type { StoredSettings } from './stored-settings.ts';
