// @ts-check
import { homedir } from 'node:os';
import { runChecks } from '../check/run-checks.mjs';
import { buildPackages } from '../setup/build-packages.mjs';
import { packedPackages } from '../registry/packed-packages.mjs';
import { configuredRegistry } from '../registry/packed-registry.mjs';
import { readPackedPackage } from '../registry/tarball.mjs';
import { installDependencies } from '../setup/install-dependencies.mjs';
import { listPublishedPackages, repositoryRoot } from '../setup/repository.mjs';
import { findObstacles } from './preconditions.mjs';
import { planPublication, publishPackages } from './publish-packages.mjs';
import { ReleaseRefused } from './release-refused.mjs';
import { findFlaws } from './verify-package.mjs';

/**
 * Makes a release of the clone, or says what it would be.
 *
 * @param {import('./command-line.mjs').ReleaseOptions} options
 * @param {{ log: (line: string) => void, signal: AbortSignal }} surroundings
 * @throws {ReleaseRefused} with all that stands against it
 */
export async function release({ publish, provenance, branch, tag }, { log, signal }) {
  const manifests = listPublishedPackages().map(({ manifest }) => manifest);
  const obstacles = await findObstacles({ folder: repositoryRoot, branch, provenance, environment: process.env, manifests, signal });
  if (obstacles.length > 0) throw new ReleaseRefused(obstacles);
  await installDependencies({ log, signal });
  await buildPackages({ signal });
  const { failed } = await runChecks({ log, signal });
  if (failed > 0) throw new ReleaseRefused(['A check failed: what it says is above.']);
  const packages = await packVerified(manifests[0]?.version, signal);
  const registryUrl = await configuredRegistry(signal);
  const plan = await planPublication({ packages, registryUrl, signal });
  if (publish) {
    await publishPackages({ plan, registryUrl, provenance, tag, log, signal });
    return;
  }
  for (const { packed, isPublished } of plan) {
    const { name, version } = packed.manifest;
    log(
      `${isPublished ? 'is there already' : 'would be published'}: ${name}@${version}, ${packed.files.length} files, ${packed.integrity}`,
    );
  }
  log('Nothing was published. With --publish it is.');
}

/**
 * @param {string | undefined} version
 * @param {AbortSignal} signal
 * @returns {Promise<import('../registry/tarball.mjs').PackedPackage[]>}
 * @throws {ReleaseRefused} when a tarball is not fit to be read by others
 */
export async function packVerified(version, signal) {
  const { tarballs } = await packedPackages({ signal });
  const packages = await Promise.all(tarballs.map(readPackedPackage));
  const siblings = packages.map(({ manifest }) => manifest.name);
  const localPaths = [repositoryRoot, `${homedir()}/`];
  const flaws = packages.flatMap((packed) =>
    findFlaws(packed, { version, siblings, localPaths }).map((flaw) => `${packed.manifest.name}: ${flaw}`),
  );
  if (flaws.length > 0) throw new ReleaseRefused(flaws);
  return packages;
}
