// @ts-check
import { findProgram } from './command.mjs';
import { isUsableRunsc } from './runsc-version.mjs';

/**
 * @typedef {'docker.io' | 'runsc' | 'mmdebstrap' | 'podman'} PackageName
 */

/**
 * @param {{ requireGvisor: boolean }} options
 * @returns {Promise<PackageName[]>} the distribution's packages for the programs that are not there
 */
export async function missingPackages({ requireGvisor }) {
  /** @type {PackageName[]} */
  const missing = [];
  // A dockerd from another maker comes with its own containerd and runc, and is as good.
  if (findProgram('dockerd') === null) missing.push('docker.io');
  if (findProgram('mmdebstrap') === null) missing.push('mmdebstrap');
  // The tests try the provider with it, too.
  if (findProgram('podman') === null) missing.push('podman');
  if (requireGvisor) {
    const runscPath = findProgram('runsc');
    if (runscPath === null || !(await isUsableRunsc(runscPath))) missing.push('runsc');
  }
  return missing;
}
