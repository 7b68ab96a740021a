// @ts-check
import { fileURLToPath } from 'node:url';
import { isDebianFamily, readOsRelease } from '../engine/os-release.mjs';
import { runInstaller } from '../engine/packages.mjs';
import { DatabasesUnavailableError } from './errors.mjs';
import { missingDatabasePackages } from './server-programs.mjs';

const installer = fileURLToPath(new URL('install-databases.mjs', import.meta.url));
const remedy = 'Install PostgreSQL and MariaDB (their services need not run), or run this as root on Debian or Ubuntu.';

/**
 * Installs the database servers that this machine lacks.
 *
 * @param {{ log: (line: string) => void, signal?: AbortSignal | undefined }} options
 */
export async function ensureDatabasePackages({ log, signal }) {
  const missing = missingDatabasePackages();
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !isDebianFamily(await readOsRelease())) {
    throw new DatabasesUnavailableError(`There is no ${missing.join(' and no ')} here, and this user cannot install it.`, remedy);
  }
  const failure = await runInstaller([installer], { log, signal });
  if (failure !== undefined) throw new DatabasesUnavailableError(failure.message, failure.remedy);
}
