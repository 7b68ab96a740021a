export { openSqliteSettings, type SqliteSettingsOptions } from './sqlite-settings.ts';
