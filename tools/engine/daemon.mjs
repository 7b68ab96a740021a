// @ts-check
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { daemonConfig } from './daemon-config.mjs';
import { waitFor } from './deadline.mjs';
import { describeEngine } from './docker-api.mjs';
import { messageOf } from './errors.mjs';
import { mount } from './mounts.mjs';
import { chooseStorageDriver } from './storage-driver.mjs';

const startTimeoutMs = 60_000;
const pollIntervalMs = 50;

/** Where containerd has its system-wide socket, and its shims theirs: the place cannot be configured. */
export const containerdFolder = '/run/containerd';

/**
 * @typedef {object} Daemon
 * @property {Promise<string>} ended says how; never rejects
 * @property {() => boolean} isRunning
 * @property {() => void} terminate
 */

/**
 * Must run in a mount namespace of its own.
 *
 * @param {import('./engine-settings.mjs').GuardianSettings} settings
 * @returns {Promise<Daemon>}
 */
export async function startDaemon(settings) {
  // dockerd attaches to a containerd of the system if it sees one. Here it sees an empty folder, and starts its own.
  await mkdir(containerdFolder, { recursive: true });
  await mount(['-t', 'tmpfs', '-o', 'mode=0755', 'tmpfs', containerdFolder]);

  const configFile = path.join(settings.runFolder, 'daemon.json');
  const config = daemonConfig(settings, await chooseStorageDriver(settings.dataFolder));
  await writeFile(configFile, `${JSON.stringify(config, null, 2)}\n`);

  const log = openSync(settings.logFile, 'a');
  // Should the guardian itself be killed, the kernel tells dockerd to stop.
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', settings.dockerdPath, '--config-file', configFile], {
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  let running = true;
  /** @type {Promise<string>} */
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (exitCode, signalName) => resolve(`dockerd ended with ${signalName ?? `exit code ${exitCode}`}`));
  });
  void ended.then(() => (running = false));
  return { ended, isRunning: () => running, terminate: () => void child.kill('SIGTERM') };
}

/**
 * @param {string} socketPath
 * @param {Daemon} daemon
 * @param {AbortSignal} signal
 */
export async function waitUntilReady(socketPath, daemon, signal) {
  /** @type {unknown} */
  let lastError;
  const answers = async () => {
    if (!daemon.isRunning()) throw new Error(await daemon.ended);
    try {
      await describeEngine({ socketPath, timeoutMs: 5_000, signal });
      return true;
    } catch (error) {
      lastError = error;
      return false;
    }
  };
  if (await waitFor(answers, { timeoutMs: startTimeoutMs, intervalMs: pollIntervalMs, signal })) return;
  throw new Error(`dockerd did not answer within ${startTimeoutMs} ms: ${messageOf(lastError)}`);
}
