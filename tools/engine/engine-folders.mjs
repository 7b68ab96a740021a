// @ts-check
import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { runCommand } from './command.mjs';
import { messageOf } from './errors.mjs';
import { removeCgroups } from './residue.mjs';

const runFolderPrefix = 'sandport-engine-';
/** Every engine, and every set of databases, holds a lock of this name in each folder that it uses, for as long as one of its processes lives. */
export const lockName = 'lock';
/** A younger folder may belong to an engine that is about to take its lock. */
const abandonedAfterMs = 60_000;
/** The kernel's limit on the path of a socket, without the final zero byte. */
const longestSocketPath = 107;

/**
 * @param {NodeJS.ProcessEnv} environment
 * @returns {string} where images are kept from one run to the next
 */
export function defaultDataFolder({ SANDPORT_ENGINE_DATA: chosen, XDG_CACHE_HOME: cache }) {
  if (chosen !== undefined && chosen !== '') return path.resolve(chosen);
  const base = cache !== undefined && path.isAbsolute(cache) ? cache : path.join(homedir(), '.cache');
  return path.join(base, 'sandport', 'engine');
}

/**
 * @param {{ runFolder: string, environment: NodeJS.ProcessEnv }} options
 * @returns {string}
 */
export function engineSocketPath({ runFolder, environment: { SANDPORT_ENGINE_SOCKET: chosen } }) {
  const socketPath = chosen !== undefined && chosen !== '' ? path.resolve(chosen) : path.join(runFolder, 'docker.sock');
  if (Buffer.byteLength(socketPath) > longestSocketPath) {
    throw new Error(`The socket path ${socketPath} is longer than the ${longestSocketPath} bytes that the kernel allows`);
  }
  return socketPath;
}

/** @returns {Promise<string>} a new temporary folder, which its engine removes when it ends */
export function createRunFolder() {
  return mkdtemp(path.join(tmpdir(), runFolderPrefix));
}

/**
 * Removes the temporary folders of engines that were killed before they could do so.
 *
 * @param {{ log: (line: string) => void }} options
 */
export async function removeAbandonedFolders({ log }) {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(runFolderPrefix));
  for (const name of names) {
    const folder = path.join(tmpdir(), name);
    try {
      if (!(await isAbandoned(folder))) continue;
      // A control group that does not go still has processes: dockerd is on its way down, and needs the folder.
      if ((await removeCgroups(name)).length > 0) continue;
      log(`removing ${folder}, left behind by an engine that was killed`);
      await rm(folder, { recursive: true, force: true });
    } catch (error) {
      log(`${folder} cannot be removed: ${messageOf(error)}`);
    }
  }
}

/**
 * @param {string} folder one of ours, by its name
 * @returns {Promise<boolean>} whether whoever made it has been gone for a while
 */
export async function isAbandoned(folder) {
  const { uid, mtimeMs } = await lstat(folder);
  // Everybody may make folders here: what another user prepared is not touched with our rights.
  if (uid !== process.getuid?.() || Date.now() - mtimeMs < abandonedAfterMs) return false;
  const attempt = await runCommand('flock', ['--nonblock', path.join(folder, lockName), 'true'], { timeoutMs: 10_000 });
  return attempt.exitCode === 0;
}
