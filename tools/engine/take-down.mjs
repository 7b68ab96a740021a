// @ts-check
import { appendFile, rm } from 'node:fs/promises';
import { containerdFolder } from './daemon.mjs';
import { waitFor } from './deadline.mjs';
import { removeAllContainers } from './docker-api.mjs';
import { messageOf } from './errors.mjs';
import { unmountBelow } from './mounts.mjs';
import { endEngineProcesses, removeCgroups } from './residue.mjs';

/** Together these stay below the time that `stop()` waits. */
const removeTimeoutMs = 15_000;
const daemonStopTimeoutMs = 15_000;
const termGraceMs = 2_000;
const killGraceMs = 3_000;
const pollIntervalMs = 20;

/**
 * Takes an engine down with everything that it started; each step is tried whatever became of the ones before.
 *
 * @param {import('./engine-settings.mjs').GuardianSettings} settings
 * @param {import('./daemon.mjs').Daemon | null} daemon null when it never started
 * @returns {Promise<string[]>} what could not be removed
 */
export async function takeDownEngine({ socketPath, runFolder, dataFolder, cgroupParent, logFile }, daemon) {
  if (daemon?.isRunning()) await stopDaemon(daemon, { socketPath, logFile });
  /** @type {string[]} */
  const leftBehind = [];
  /** @type {[string, () => Promise<readonly (string | number)[]>][]} */
  const steps = [
    ['processes', () => endEngineProcesses(cgroupParent, { termGraceMs, killGraceMs })],
    ['mounts', () => unmountBelow([runFolder, dataFolder, containerdFolder])],
    ['control groups', () => removeCgroups(cgroupParent)],
    ['socket', () => removed(socketPath)],
    ['temporary folder', () => removed(runFolder)],
  ];
  for (const [what, step] of steps) {
    try {
      const remaining = await step();
      if (remaining.length > 0) leftBehind.push(`${what} ${remaining.join(', ')}`);
    } catch (error) {
      leftBehind.push(`${what}: ${messageOf(error)}`);
    }
  }
  return leftBehind;
}

/**
 * @param {import('./daemon.mjs').Daemon} daemon
 * @param {{ socketPath: string, logFile: string }} places
 */
async function stopDaemon(daemon, { socketPath, logFile }) {
  try {
    // Containers that are killed end at once; dockerd would first ask each of them politely.
    await removeAllContainers({ socketPath, timeoutMs: removeTimeoutMs });
  } catch (error) {
    // No more than a hint: their processes are ended below, and their records by the next engine with this data folder.
    await appendFile(logFile, `guardian: ${messageOf(error)}\n`);
  }
  daemon.terminate();
  await waitFor(() => !daemon.isRunning(), { timeoutMs: daemonStopTimeoutMs, intervalMs: pollIntervalMs });
}

/**
 * @param {string} target
 * @returns {Promise<never[]>}
 */
async function removed(target) {
  await rm(target, { recursive: true, force: true });
  return [];
}
