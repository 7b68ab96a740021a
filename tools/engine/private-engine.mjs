// @ts-check
import { EventEmitter } from 'node:events';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { untilAborted, withDeadline } from './deadline.mjs';
import { describeEngine } from './docker-api.mjs';
import { createRunFolder, defaultDataFolder, lockName } from './engine-folders.mjs';
import { prepareSettings, settingsFile } from './engine-settings.mjs';
import { EngineUnavailableError } from './errors.mjs';
import { gvisorRuntimeName } from './find-engine.mjs';
import { startHelper } from './helper-process.mjs';

const startTimeoutMs = 150_000;
const stopTimeoutMs = 60_000;
const dataInUseExitCode = 77;
const guardian = fileURLToPath(new URL('guardian.mjs', import.meta.url));

/**
 * @typedef {{ log: (line: string) => void, signal?: AbortSignal | undefined }} StartOptions
 * @typedef {import('./engine-settings.mjs').GuardianSettings} GuardianSettings
 * @typedef {import('./helper-process.mjs').HelperProcess} HelperProcess
 */

/**
 * Starts a Docker engine that is nobody else's and ends with this process.
 *
 * @param {StartOptions} options
 * @returns {Promise<import('./index.mjs').Engine>}
 */
export async function startPrivateEngine(options) {
  const dataFolder = defaultDataFolder(process.env);
  const engine = await startWithData(dataFolder, options);
  if (engine !== null) return engine;
  options.log(`another private engine uses ${dataFolder}: this one gets an empty, temporary data folder`);
  const fresh = await startWithData(null, options);
  if (fresh === null) throw new Error('A data folder made just now is already in use. Try again.');
  return fresh;
}

/**
 * @param {string | null} dataFolder null for a temporary one
 * @param {StartOptions} options
 * @returns {Promise<import('./index.mjs').Engine | null>} null when the data folder is in use
 */
async function startWithData(dataFolder, options) {
  const runFolder = await createRunFolder();
  let engine = null;
  try {
    const settings = await prepareSettings({ runFolder, dataFolder: dataFolder ?? path.join(runFolder, 'data') });
    engine = await startGuardian(settings, options);
    return engine;
  } finally {
    // A guardian removes it itself, but there may have been none.
    if (engine === null) await rm(runFolder, { recursive: true, force: true });
  }
}

/**
 * @param {GuardianSettings} settings
 * @returns {{ program: string, args: string[] }}
 */
function guardianCommand({ runFolder, dataFolder }) {
  const lockRun = ['flock', '--no-fork', path.join(runFolder, lockName)];
  const lockData = ['flock', '--no-fork', '--nonblock', `--conflict-exit-code=${dataInUseExitCode}`, path.join(dataFolder, lockName)];
  const guard = [process.execPath, guardian, settingsFile(runFolder)];
  // In a mount namespace of the engine's own no mount can outlive its last process, whatever kills it.
  return { program: 'unshare', args: ['--mount', '--propagation=slave', ...lockRun, ...lockData, ...guard] };
}

/**
 * @param {GuardianSettings} settings
 * @param {StartOptions} options
 * @returns {Promise<import('./index.mjs').Engine | null>} null when the data folder is in use
 */
async function startGuardian(settings, { log, signal }) {
  /** @type {string[]} */
  const problems = [];
  const news = new EventEmitter();
  /** @type {Promise<'ready'>} */
  const ready = new Promise((resolve) => void news.once('ready', () => resolve('ready')));
  const helper = startHelper({
    ...guardianCommand(settings),
    onMessage: (message) => {
      news.emit(message.event);
      if (message.event === 'failed') problems.push(message.message);
      if (message.event === 'stopped') problems.push(...message.leftBehind.map((what) => `left behind: ${what}`));
    },
  });
  try {
    const first = await withDeadline({ what: 'starting a private Docker engine', timeoutMs: startTimeoutMs, signal }, (deadline) =>
      untilAborted(Promise.race([ready, helper.ended]), deadline),
    );
    if (first !== 'ready') {
      if (first.exitCode === dataInUseExitCode) return null;
      throw startFailure([...problems, first.complaints]);
    }
    const { runtimes } = await describeEngine({ socketPath: settings.socketPath, timeoutMs: 5_000, signal });
    return engineHandle({ helper, problems, log, socketPath: settings.socketPath, hasGvisor: runtimes.includes(gvisorRuntimeName) });
  } catch (error) {
    await takeDown(helper);
    throw error;
  }
}

/**
 * @param {object} parts
 * @param {HelperProcess} parts.helper
 * @param {readonly string[]} parts.problems what the guardian reports, as it comes
 * @param {(line: string) => void} parts.log
 * @param {string} parts.socketPath
 * @param {boolean} parts.hasGvisor
 * @returns {import('./index.mjs').Engine}
 */
function engineHandle({ helper, problems, log, socketPath, hasGvisor }) {
  /** @type {Promise<void> | undefined} */
  let stopped;
  const stop = async () => {
    await takeDown(helper);
    if (problems.length > 0) throw new Error(`The private Docker engine did not end cleanly.\n${problems.join('\n')}`);
  };
  void helper.ended.then(() => {
    if (stopped === undefined) log(`the private Docker engine has ended by itself: ${problems.join('\n')}`);
  });
  // A caller that forgets to stop the engine can still end, and the engine with it.
  helper.unref();
  return {
    dockerHost: `unix://${socketPath}`,
    isPrivate: true,
    hasGvisor,
    stop: () => (stopped ??= stop()),
  };
}

/** @param {HelperProcess} helper */
async function takeDown(helper) {
  helper.letGo();
  await withDeadline({ what: `taking down the private Docker engine (process ${helper.pid})`, timeoutMs: stopTimeoutMs }, (deadline) =>
    untilAborted(helper.ended, deadline),
  );
}

/** @param {readonly string[]} details */
function startFailure(details) {
  return new EngineUnavailableError(
    `A private Docker engine did not start.\n${details.filter((detail) => detail !== '').join('\n')}`,
    'It needs root with the right to mount file systems: a virtual machine, or a privileged container. ' +
      'Or start a Docker engine yourself and set DOCKER_HOST.',
  );
}
