// @ts-check
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../engine/errors.mjs';
import { packPackages } from '../setup/pack-packages.mjs';
import { listPublishedPackages, repositoryRoot } from '../setup/repository.mjs';

const cacheFolder = path.join(repositoryRoot, 'node_modules', '.cache', 'packed-packages');
/** Of the packings that are kept: as many others may be in use by another run of tests. */
const keptCount = 3;

const SHARED_INPUTS = ['LICENSE', 'package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', 'tools/setup/bundle-package.mjs'];
/** What is in the folder of a package and never in its tarball, or is made while it is packed. */
const LEFT_OUT = /^(?:node_modules|bundle|test|\.turbo|\.tsbuildinfo|__pycache__)$|\.test\.ts$|\.test-d\.ts$/;

/**
 * Every published package, packed as the registry would receive it. What did not change since it was packed last is not packed again.
 * The packages must have been built.
 *
 * @param {{ signal: AbortSignal }} options
 * @returns {Promise<{ tarballs: string[], clientsFolder: string }>} `clientsFolder` is for the caches of package managers: a version of a package is taken for the same
 *   everywhere, and between two packings it is not
 */
export async function packedPackages({ signal }) {
  const folder = path.join(cacheFolder, await fingerprint());
  if (existsSync(folder)) {
    const now = new Date();
    await utimes(folder, now, now);
  } else {
    await packInto(folder, signal);
  }
  const names = (await readdir(folder)).filter((name) => name.endsWith('.tgz')).toSorted();
  return { tarballs: names.map((name) => path.join(folder, name)), clientsFolder: path.join(folder, 'clients') };
}

/**
 * @param {string} folder
 * @param {AbortSignal} signal
 */
async function packInto(folder, signal) {
  await mkdir(cacheFolder, { recursive: true });
  const draft = await mkdtemp(path.join(cacheFolder, 'draft-'));
  try {
    await packPackages({ folder: draft, signal });
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another process may have packed the same meanwhile.
    if (!['EEXIST', 'ENOTEMPTY'].includes(codeOf(error) ?? '')) throw error;
  }
  await removeOldPackings();
}

async function removeOldPackings() {
  const folders = (await readdir(cacheFolder)).map((name) => path.join(cacheFolder, name));
  const times = await Promise.all(folders.map(async (folder) => ({ folder, usedAtMs: (await stat(folder)).mtimeMs })));
  const old = times.toSorted((one, other) => other.usedAtMs - one.usedAtMs).slice(keptCount + 1);
  await Promise.all(old.map(({ folder }) => rm(folder, { recursive: true, force: true })));
}

/** @returns {Promise<string>} changes with everything that gets into a tarball */
async function fingerprint() {
  const hash = createHash('sha256');
  const files = [...SHARED_INPUTS];
  for (const { folder } of listPublishedPackages()) files.push(...(await listInputs(path.relative(repositoryRoot, folder))));
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(await readFile(path.join(repositoryRoot, file)))
      .update('\0');
  return hash.digest('hex').slice(0, 32);
}

/** @param {string} folder @returns {Promise<string[]>} */
async function listInputs(folder) {
  const entries = await readdir(path.join(repositoryRoot, folder), { withFileTypes: true });
  const kept = entries.filter(({ name }) => !LEFT_OUT.test(name)).toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const lists = kept.map(async (entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return listInputs(file);
    return entry.isFile() ? [file] : [];
  });
  return (await Promise.all(lists)).flat();
}
