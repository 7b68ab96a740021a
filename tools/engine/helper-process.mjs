// @ts-check
import { spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { searchPath } from './command.mjs';
import { receiveMessages } from './messages.mjs';

/**
 * Starts one of this folder's helper programs so that it outlives us just long enough to clean up: it leads a session of
 * its own, which a terminal's Ctrl-C does not reach, and notices our end by its standard input.
 *
 * @param {object} options
 * @param {string} options.program
 * @param {readonly string[]} options.args
 * @param {(message: import('./messages.mjs').Message) => void} options.onMessage
 * @returns {HelperProcess}
 */
export function startHelper({ program, args, onMessage }) {
  // Whatever preloads or debugs the caller (NODE_OPTIONS) is not meant for the helper.
  const { NODE_OPTIONS: _unwanted, ...environment } = process.env;
  const child = spawn(program, args, {
    cwd: '/',
    detached: true,
    env: { ...environment, PATH: searchPath() },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => (complaints += text));
  // The helper may end before it has read everything; its exit tells more than a broken pipe.
  child.stdin.on('error', (error) => (complaints += `${error.message}\n`));
  receiveMessages(child.stdout, onMessage);

  /** @type {Promise<{ exitCode: number | null, complaints: string }>} */
  const ended = new Promise((resolve) => {
    child.on('error', (error) => resolve({ exitCode: null, complaints: error.message }));
    child.on('close', (exitCode) => resolve({ exitCode, complaints: complaints.trim() }));
  });
  return {
    pid: child.pid,
    ended,
    letGo: () => child.stdin.end(),
    interrupt: () => void child.kill('SIGTERM'),
    unref: () => {
      child.unref();
      // Pipes to a child are sockets, though their type does not say so.
      for (const stream of [child.stdin, child.stdout, child.stderr]) if (stream instanceof Socket) stream.unref();
    },
  };
}

/**
 * @typedef {object} HelperProcess
 * @property {number | undefined} pid
 * @property {Promise<{ exitCode: number | null, complaints: string }>} ended never rejects
 * @property {() => void} letGo closes the pipe, which tells the helper to end
 * @property {() => void} interrupt the same by a signal, which also ends one that still waits for its turn
 * @property {() => void} unref lets this process end without waiting for the helper
 */
