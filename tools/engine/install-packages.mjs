// @ts-check
/**
 * A program of its own, started by packages.mjs: when the process that asked for an engine is killed half-way, this one
 * still leaves the package database whole and removes what it placed.
 */
import { downloadBackportedRunsc } from './backports.mjs';
import { installQuietly, offeredVersions, progress, runInstallation } from './installation.mjs';
import { missingPackages } from './missing-programs.mjs';
import { isRecentRunsc } from './runsc-version.mjs';

const requireGvisor = process.argv.includes('--gvisor');

/** @param {{ folder: string, context: import('./apt.mjs').AptContext }} places */
async function install({ folder, context }) {
  const missing = await missingPackages({ requireGvisor });
  if (missing.length === 0) return;
  progress(`installing ${missing.join(', ')} from the distribution (this happens once)`);
  const candidates = await offeredVersions(missing, context, ['runsc']);
  /** @type {string[]} */
  const packages = missing.filter((name) => name !== 'runsc');
  if (missing.includes('runsc')) {
    const candidate = candidates.get('runsc');
    if (candidate !== undefined && isRecentRunsc(candidate)) {
      packages.push('runsc');
    } else {
      const offer = candidate === undefined ? 'this release has no runsc' : `runsc ${candidate} of this release is too old`;
      progress(`${offer}: looking into the release's backports`);
      packages.push(await downloadBackportedRunsc(folder, context));
    }
  }
  await installQuietly(packages, context);
  const stillMissing = await missingPackages({ requireGvisor });
  if (stillMissing.length > 0) throw new Error(`${stillMissing.join(', ')} cannot be run even after the installation`);
}

await runInstallation(install, 'Mend what apt complains about, or install docker.io, runsc (2024 or later) and mmdebstrap yourself.');
