export { migrateDown, migrateUp, migrationState, NO_MIGRATION, type MigrationState } from './database/migrations/migrate.ts';
export type { DatabaseCall, DatabaseKind, SettingsDatabase } from './database/settings-database.ts';
export { openSqliteDatabase, type SqliteDatabaseOptions } from './database/sqlite/open-sqlite-database.ts';
export { openSqliteSettings, type SqliteSettingsOptions } from './open-settings.ts';
export type { StoredSettings } from './stored-settings.ts';
