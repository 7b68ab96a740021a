export { openSqliteSettings, type SqliteSettingsOptions, type StoredSettings } from './sqlite-settings.ts';
