// @ts-check
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const cannotRunExitCode = 127;
/** What a user ends a command with. */
export const handledSignals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** @param {NodeJS.Signals} name */
export const exitCodeOf = (name) => 128 + constants.signals[name];

/**
 * Runs a command at this terminal, and passes on the signals that this process gets.
 *
 * @param {[string, ...string[]]} command
 * @param {{ env: Record<string, string>, log: (line: string) => void }} options `env` is added to this process's own
 * @returns {Promise<number>} its exit code
 */
export function runAttended([program, ...args], { env, log }) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...env } });
    for (const name of handledSignals) {
      process.on(name, () => {
        // A terminal sends its Ctrl-C to the command as well, and many programs take a second one for "give up at once".
        if (name !== 'SIGINT' || !process.stdin.isTTY) child.kill(name);
      });
    }
    child.on('error', (error) => {
      log(`cannot run ${program}: ${error.message}`);
      resolve(cannotRunExitCode);
    });
    child.on('exit', (exitCode, signalName) => resolve(signalName === null ? (exitCode ?? 1) : exitCodeOf(signalName)));
  });
}

/**
 * Keeps this process alive until the signal fires.
 *
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
export function whileWanted(signal) {
  return new Promise((resolve) => {
    // A listener alone does not keep the process alive.
    const keepAlive = setInterval(() => undefined, 60_000);
    const end = () => {
      clearInterval(keepAlive);
      resolve();
    };
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
