// @ts-check
import { accessSync, constants, readdirSync } from 'node:fs';
import path from 'node:path';
import { findProgram } from '../engine/command.mjs';
import { codeOf } from '../engine/errors.mjs';

/** Debian keeps the programs of each PostgreSQL release apart, and off the search path. */
const postgresReleases = '/usr/lib/postgresql';

/**
 * @typedef {{ initdb: string, postgres: string, pgIsReady: string }} PostgresPrograms
 * @typedef {{ installDb: string, server: string }} MariadbPrograms
 */

/** @returns {PostgresPrograms | null} of the newest release that is whole */
export function findPostgres() {
  const folders = releaseFolders();
  for (const folder of folders) {
    const programs = {
      initdb: path.join(folder, 'initdb'),
      postgres: path.join(folder, 'postgres'),
      pgIsReady: path.join(folder, 'pg_isready'),
    };
    if (Object.values(programs).every(isExecutable)) return programs;
  }
  const [initdb, postgres, pgIsReady] = [findProgram('initdb'), findProgram('postgres'), findProgram('pg_isready')];
  return initdb === null || postgres === null || pgIsReady === null ? null : { initdb, postgres, pgIsReady };
}

/** @returns {MariadbPrograms | null} */
export function findMariadb() {
  const installDb = findProgram('mariadb-install-db');
  const server = findProgram('mariadbd');
  return installDb === null || server === null ? null : { installDb, server };
}

/** @returns {('postgresql' | 'mariadb-server')[]} the distribution's packages for the programs that are not there */
export function missingDatabasePackages() {
  /** @type {('postgresql' | 'mariadb-server')[]} */
  const missing = [];
  if (findPostgres() === null) missing.push('postgresql');
  if (findMariadb() === null) missing.push('mariadb-server');
  return missing;
}

/** @returns {string[]} the newest release first */
function releaseFolders() {
  try {
    return readdirSync(postgresReleases)
      .sort((left, right) => Number(right) - Number(left))
      .map((release) => path.join(postgresReleases, release, 'bin'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** @param {string} program */
function isExecutable(program) {
  try {
    accessSync(program, constants.X_OK);
    return true;
  } catch {
    // Not here, or not for us to run: another folder may have it.
    return false;
  }
}
