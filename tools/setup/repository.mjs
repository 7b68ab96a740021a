// @ts-check
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the clone is. */
export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url));

/**
 * What the tools read of a package.json.
 *
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} [version]
 * @property {boolean} [private]
 * @property {string} [packageManager]
 * @property {Record<string, string>} [bin]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [peerDependencies]
 * @property {Record<string, { optional?: boolean }>} [peerDependenciesMeta]
 * @property {{ node: string }} [engines]
 * @property {{ engines?: { node: string } }} [publishConfig] what is published in the place of what stands here
 * @property {unknown} [repository]
 *
 * @typedef {{ folder: string, manifest: Manifest }} WorkspacePackage `folder` is absolute
 */

/**
 * @param {string} folder
 * @returns {Manifest}
 */
function readManifest(folder) {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
}

/** @returns {WorkspacePackage[]} every package and app, by name of its folder */
export function listWorkspacePackages() {
  return ['packages', 'apps'].flatMap((group) => {
    const groupFolder = path.join(repositoryRoot, group);
    if (!existsSync(groupFolder)) return [];
    return readdirSync(groupFolder)
      .toSorted()
      .map((name) => path.join(groupFolder, name))
      .filter((folder) => existsSync(path.join(folder, 'package.json')))
      .map((folder) => ({ folder, manifest: readManifest(folder) }));
  });
}

/** @returns {WorkspacePackage[]} what is published */
export function listPublishedPackages() {
  return listWorkspacePackages().filter(({ manifest }) => manifest.private !== true);
}

/**
 * @param {string} name of a tool among the development dependencies
 * @returns {string} its executable
 */
export function toolPath(name) {
  return path.join(repositoryRoot, 'node_modules', '.bin', name);
}

/** @returns {string} the package manager with its exact version, for example `pnpm@10.1.2` */
export function packageManager() {
  const { packageManager: pinned } = readManifest(repositoryRoot);
  if (pinned === undefined) throw new Error('package.json names no packageManager');
  return pinned;
}
