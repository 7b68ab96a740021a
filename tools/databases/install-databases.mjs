// @ts-check
/** A program of its own, started by `ensureDatabasePackages`: it leaves the package database whole whatever becomes of the one that asked. */
import { installQuietly, offeredVersions, progress, runInstallation } from '../engine/installation.mjs';
import { missingDatabasePackages } from './server-programs.mjs';

await runInstallation(async ({ context }) => {
  const missing = missingDatabasePackages();
  if (missing.length === 0) return;
  progress(`installing ${missing.join(', ')} from the distribution (this happens once)`);
  await offeredVersions(missing, context);
  await installQuietly(missing, context);
  const stillMissing = missingDatabasePackages();
  if (stillMissing.length > 0) throw new Error(`the programs of ${stillMissing.join(', ')} cannot be found even after the installation`);
}, 'Mend what apt complains about, or install postgresql and mariadb-server yourself.');
