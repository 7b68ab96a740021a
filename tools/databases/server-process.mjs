// @ts-check
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { findProgram, searchPath } from '../engine/command.mjs';
import { untilAborted, waitFor, withDeadline } from '../engine/deadline.mjs';
import { messageOf } from '../engine/errors.mjs';
import { DatabasesUnavailableError } from './errors.mjs';

/** @import { User } from './unprivileged-user.mjs' */

const prepareTimeoutMs = 120_000;
const readyTimeoutMs = 60_000;
const stopTimeoutMs = 15_000;
const pollIntervalMs = 20;
const shownLogLines = 25;

/**
 * One server that was started here.
 *
 * @typedef {object} ServerProcess
 * @property {() => boolean} isRunning
 * @property {() => Promise<void>} stop ends it at once; what it holds is thrown away anyway
 */

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ user: User | null, cwd: string, signal?: AbortSignal | undefined }} options
 */
export function runPreparation(program, args, { user, cwd, signal }) {
  const { command, spawnOptions } = asUser([program, ...args], user, 'KILL');
  return withDeadline({ what: `\`${program}\``, timeoutMs: prepareTimeoutMs, signal }, (deadline) => {
    return new Promise((resolve, reject) => {
      const child = spawn(command[0], command.slice(1), { ...spawnOptions, cwd, signal: deadline, stdio: ['ignore', 'pipe', 'pipe'] });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream?.setEncoding('utf8').on('data', (/** @type {string} */ text) => (output += text));
      child.on('error', reject);
      child.on('close', (exitCode) => {
        if (exitCode === 0) resolve(undefined);
        else
          reject(new Error(`${program} ended with exit code ${exitCode}:\n${output.trim().split('\n').slice(-shownLogLines).join('\n')}`));
      });
    });
  });
}

/**
 * Starts a server and waits until it answers.
 *
 * @param {object} options
 * @param {[string, ...string[]]} options.command
 * @param {User | null} options.user
 * @param {string} options.cwd
 * @param {string} options.logFile
 * @param {'QUIT' | 'KILL'} options.endSignal ends the server at once; the kernel sends it when this process is gone
 * @param {() => Promise<boolean>} options.answers
 * @param {AbortSignal | undefined} [options.signal]
 * @returns {Promise<ServerProcess>}
 */
export async function startServer({ command, user, cwd, logFile, endSignal, answers, signal }) {
  signal?.throwIfAborted();
  const { command: argv, spawnOptions } = asUser(command, user, endSignal);
  const log = openSync(logFile, 'a');
  const child = spawn(argv[0], argv.slice(1), { ...spawnOptions, cwd, stdio: ['ignore', log, log] });
  closeSync(log);
  let isRunning = true;
  /** @type {Promise<string>} */
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (exitCode, signalName) => resolve(`${command[0]} ended with ${signalName ?? `exit code ${exitCode}`}`));
  });
  void ended.then(() => (isRunning = false));
  const stop = async () => {
    if (isRunning) child.kill(`SIG${endSignal}`);
    const limits = { what: `ending ${command[0]} (process ${child.pid})`, timeoutMs: stopTimeoutMs };
    await withDeadline(limits, (deadline) => untilAborted(ended, deadline));
  };
  const isReady = async () => {
    if (!isRunning) throw new Error(await ended);
    return answers();
  };
  try {
    if (!(await waitFor(isReady, { timeoutMs: readyTimeoutMs, intervalMs: pollIntervalMs, signal }))) {
      throw new Error(`${command[0]} did not answer within ${readyTimeoutMs} ms`);
    }
    return { isRunning: () => isRunning, stop };
  } catch (error) {
    await stop();
    signal?.throwIfAborted();
    throw new Error(`${messageOf(error)}\n${await logTail(logFile)}`, { cause: error });
  }
}

/**
 * @param {readonly [string, ...string[]]} command
 * @param {User | null} user
 * @param {'QUIT' | 'KILL'} endSignal
 * @returns {{ command: [string, ...string[]], spawnOptions: import('node:child_process').SpawnOptions }}
 */
function asUser(command, user, endSignal) {
  const setpriv = findProgram('setpriv');
  if (setpriv === null) {
    throw new DatabasesUnavailableError(
      'There is no setpriv on the search path.',
      'Use Linux with util-linux, or start the databases yourself.',
    );
  }
  return {
    // Whatever this process dies of, the server does not outlive it.
    command: [setpriv, '--pdeathsig', endSignal, ...command],
    spawnOptions: { ...user, env: { PATH: searchPath(), LC_ALL: 'C', TZ: 'UTC' } },
  };
}

/** @param {string} logFile */
async function logTail(logFile) {
  try {
    return `The end of its log:\n${(await readFile(logFile, 'utf8')).trimEnd().split('\n').slice(-shownLogLines).join('\n')}`;
  } catch (error) {
    return `Its log cannot be read: ${messageOf(error)}`;
  }
}

/** @returns {Promise<number>} a port of this machine on which nobody listens */
export function findFreePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
