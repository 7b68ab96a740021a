// @ts-check
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { withDeadline } from './deadline.mjs';

/** Administrators' programs live here; the search path of a plain shell often leaves these folders out. */
const systemFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/local/bin', '/usr/bin', '/bin'];

const killGraceMs = 5_000;

/** @returns {string} the search path with the administrators' folders */
export function searchPath() {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return [...new Set([...folders, ...systemFolders])].join(path.delimiter);
}

/**
 * @param {string} name
 * @returns {string | null} the absolute path of an executable
 */
export function findProgram(name) {
  for (const folder of searchPath().split(path.delimiter)) {
    const candidate = path.join(folder, name);
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Not here, or not for us to run: another folder may have it.
      continue;
    }
  }
  return null;
}

/**
 * @typedef {object} CommandOptions
 * @property {number} timeoutMs
 * @property {AbortSignal | undefined} [signal]
 * @property {Record<string, string>} [env] added to this process's own
 * @property {string} [cwd]
 * @property {(text: string) => void} [onOutput] receives both output streams as they come
 */

/**
 * Runs a program to its end. A non-zero exit code is a result, not an exception: the caller knows what it means.
 *
 * The program leads a process group of its own, so that the deadline ends its children too and the terminal's
 * Ctrl-C does not hit a package manager in the middle of its work.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {CommandOptions} options
 * @returns {Promise<{ exitCode: number | null, stdout: string, stderr: string }>}
 */
export function runCommand(program, args, { timeoutMs, signal, env, cwd, onOutput }) {
  return withDeadline({ what: `\`${[program, ...args].join(' ')}\``, timeoutMs, signal }, (deadline) => {
    return new Promise((resolve, reject) => {
      const child = spawn(program, args, {
        cwd,
        detached: true,
        env: { ...process.env, PATH: searchPath(), ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const output = { stdout: '', stderr: '' };
      for (const name of /** @type {const} */ (['stdout', 'stderr'])) {
        child[name].setEncoding('utf8').on('data', (/** @type {string} */ text) => {
          output[name] += text;
          onOutput?.(text);
        });
      }
      /** @type {NodeJS.Timeout | undefined} */
      let killTimer;
      const onAbort = () => {
        signalGroup(child.pid, 'SIGTERM');
        killTimer = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), killGraceMs);
      };
      deadline.addEventListener('abort', onAbort, { once: true });
      child.on('error', reject);
      child.on('close', (exitCode) => {
        clearTimeout(killTimer);
        deadline.removeEventListener('abort', onAbort);
        if (deadline.aborted) reject(deadline.reason);
        else resolve({ exitCode, ...output });
      });
    });
  });
}

/**
 * @param {number | undefined} groupLeaderPid
 * @param {NodeJS.Signals} signalName
 */
function signalGroup(groupLeaderPid, signalName) {
  if (groupLeaderPid === undefined) return;
  sendSignal(-groupLeaderPid, signalName);
}

/**
 * @param {number} pid negative for a process group
 * @param {NodeJS.Signals} signalName
 * @returns {boolean} false when there is no such process (any more)
 */
export function sendSignal(pid, signalName) {
  try {
    process.kill(pid, signalName);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}
