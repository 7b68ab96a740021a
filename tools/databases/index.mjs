// @ts-check
/** PostgreSQL and MariaDB for tests: those that the environment names, or private ones that are started for the purpose and end with their user. */
import { ensureDatabasePackages } from './database-packages.mjs';
import { DatabasesUnavailableError } from './errors.mjs';
import { removeAbandonedDatabases, startPrivateDatabases } from './private-databases.mjs';

export { DatabasesUnavailableError };

/**
 * @typedef {object} Databases
 * @property {string} postgresUrl of an administrator, with the password
 * @property {string} mysqlUrl of an administrator, with the password
 * @property {() => Promise<void>} stop takes private ones down with all that is in them; leaves any others alone
 *
 * One server that can be ended and started again.
 * @typedef {object} DatabaseServer
 * @property {string} url of an administrator, with the password
 * @property {() => boolean} isRunning
 * @property {() => Promise<void>} stop
 * @property {() => Promise<void>} startAgain with the same data, at the same address
 */

/**
 * @param {{ log: (line: string) => void, signal?: AbortSignal | undefined }} options
 * @returns {Promise<Databases>}
 * @throws {DatabasesUnavailableError}
 */
export async function ensureDatabases({ log, signal }) {
  signal?.throwIfAborted();
  const { SANDPORT_TEST_POSTGRES_URL: postgresUrl = '', SANDPORT_TEST_MYSQL_URL: mysqlUrl = '' } = process.env;
  if (postgresUrl !== '' && mysqlUrl !== '') {
    log('using the databases that SANDPORT_TEST_POSTGRES_URL and SANDPORT_TEST_MYSQL_URL name');
    return { postgresUrl, mysqlUrl, stop: async () => undefined };
  }
  if (process.platform !== 'linux') {
    throw new DatabasesUnavailableError(
      'Private databases can be started on Linux only.',
      'Start PostgreSQL and MariaDB yourself, and set SANDPORT_TEST_POSTGRES_URL and SANDPORT_TEST_MYSQL_URL.',
    );
  }
  await ensureDatabasePackages({ log, signal });
  await removeAbandonedDatabases({ log });
  const startedAt = performance.now();
  const databases = await startPrivateDatabases({ log, signal });
  log(`private PostgreSQL and MariaDB are up (${((performance.now() - startedAt) / 1_000).toFixed(1)} s)`);
  return databases;
}

/**
 * @param {Pick<Databases, 'postgresUrl' | 'mysqlUrl'>} databases
 * @returns {Record<string, string>} what tells the tests of them
 */
export function environmentFor({ postgresUrl, mysqlUrl }) {
  return { SANDPORT_TEST_POSTGRES_URL: postgresUrl, SANDPORT_TEST_MYSQL_URL: mysqlUrl };
}
