import { fileURLToPath } from 'node:url';
import { SandboxError } from '@sandport/core';
import { MYSQL_SCHEMES, openMysqlDatabase } from './mysql/open-mysql-database.ts';
import { openPostgresDatabase, POSTGRES_SCHEMES } from './postgres/open-postgres-database.ts';
import type { ServerDatabaseOptions } from './server/server-database.ts';
import type { SettingsDatabase } from './settings-database.ts';
import { openSqliteDatabase, type SqliteDatabaseOptions } from './sqlite/open-sqlite-database.ts';

/** What applies to the database that a location turns out to be. For a file `migrateOnOpen` is by default what `create` is. */
export interface DatabaseOptions extends ServerDatabaseOptions, Omit<SqliteDatabaseOptions, 'path' | 'migrateOnOpen'> {}

/**
 * The database at a location: `postgres://…` or `postgresql://…`, `mysql://…` or `mariadb://…`, `file:…`, or else the path of a SQLite file.
 *
 * @throws SandboxError `REQUEST_INVALID` for a location that cannot be read. It never shows a URL, which may hold a password.
 */
export function openDatabase(location: string, options: DatabaseOptions = {}): SettingsDatabase {
  // A drive of Windows is one letter.
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(location)?.[1]?.toLowerCase();
  if (scheme !== undefined && POSTGRES_SCHEMES.includes(scheme)) return openPostgresDatabase({ ...options, url: location });
  if (scheme !== undefined && MYSQL_SCHEMES.includes(scheme)) return openMysqlDatabase({ ...options, url: location });
  return openSqliteDatabase({ ...options, path: pathOf(location, scheme) });
}

function pathOf(location: string, scheme: string | undefined): string {
  if (location === '') throw refuse('is empty');
  if (location.includes('\0')) throw refuse('contains a NUL');
  if (scheme === 'file') return filePathOf(location);
  if (scheme !== undefined && /^[^:]+:\/\//.test(location))
    throw refuse(`begins with "${scheme}://", which is no database that is known here`);
  return location;
}

function filePathOf(location: string): string {
  if (!location.startsWith('file://')) return location.slice('file:'.length);
  try {
    return fileURLToPath(location);
  } catch (error) {
    throw refuse('is a file URL that names no file of this machine', error);
  }
}

function refuse(problem: string, cause?: unknown): SandboxError {
  return new SandboxError('REQUEST_INVALID', `location: ${problem}.`, {
    operation: 'openSettings',
    suggestion: 'Write postgres://…, mysql://…, or the path of a file.',
    details: { field: 'location' },
    ...(cause === undefined ? {} : { cause }),
  });
}
