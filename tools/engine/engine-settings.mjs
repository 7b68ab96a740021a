// @ts-check
import { lstat, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { findProgram } from './command.mjs';
import { describeEngine } from './docker-api.mjs';
import { engineSocketPath } from './engine-folders.mjs';
import { codeOf, EngineUnavailableError } from './errors.mjs';
import { isUsableRunsc } from './runsc-version.mjs';

/**
 * What the guardian is told, in a file.
 *
 * @typedef {object} GuardianSettings
 * @property {string} runFolder temporary: sockets, process ids, mounts
 * @property {string} dataFolder images and build cache
 * @property {string} socketPath
 * @property {string} cgroupParent
 * @property {string} logFile
 * @property {string} dockerdPath
 * @property {string | null} runscPath
 */

/** @param {string} runFolder */
export const settingsFile = (runFolder) => path.join(runFolder, 'guardian.json');

/**
 * Makes the folders of a new engine and writes down what its guardian has to know.
 *
 * @param {{ runFolder: string, dataFolder: string }} folders
 * @returns {Promise<GuardianSettings>}
 */
export async function prepareSettings({ runFolder, dataFolder }) {
  const dockerdPath = findProgram('dockerd');
  if (dockerdPath === null) throw new EngineUnavailableError('There is no dockerd on the search path.', 'Install docker.io.');
  const runscPath = findProgram('runsc');
  const socketPath = engineSocketPath({ runFolder, environment: process.env });
  await refuseTakenPath(socketPath);
  await mkdir(path.dirname(socketPath), { recursive: true });
  await mkdir(dataFolder, { recursive: true, mode: 0o711 });
  const settings = {
    runFolder,
    dataFolder,
    socketPath,
    cgroupParent: path.basename(runFolder),
    logFile: path.join(dataFolder, 'dockerd.log'),
    dockerdPath,
    runscPath: runscPath !== null && (await isUsableRunsc(runscPath)) ? runscPath : null,
  };
  await writeFile(settingsFile(runFolder), JSON.stringify(settings));
  return settings;
}

/**
 * dockerd would silently replace whatever is there: a file, or a socket that another engine serves.
 *
 * @param {string} socketPath
 */
async function refuseTakenPath(socketPath) {
  const remedy = 'Use that engine (DOCKER_HOST), stop it, or choose another path with SANDPORT_ENGINE_SOCKET.';
  try {
    if (!(await lstat(socketPath)).isSocket()) {
      throw new EngineUnavailableError(`${socketPath} exists and is not a socket.`, 'Choose another path with SANDPORT_ENGINE_SOCKET.');
    }
    await describeEngine({ socketPath, timeoutMs: 2_000 });
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ECONNREFUSED') return;
    throw error;
  }
  throw new EngineUnavailableError(`Another engine already answers at ${socketPath}.`, remedy);
}
