// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { sendSignal } from '../engine/command.mjs';
import { repositoryRoot } from '../setup/repository.mjs';

const program = path.join(repositoryRoot, 'apps', 'admin', 'dist', 'main.js');
/** Longer than what the server gives running calls, and itself after that. */
const stopTimeoutMs = 20_000;
const logLevelVariable = 'SANDPORT_ADMIN_LOG_LEVEL';

/**
 * Serves the admin app until the signal fires. It prints by itself where it is reached, and the link that makes the first account.
 *
 * @param {{ settingsFile: string, listen: string, signal: AbortSignal }} options
 * @returns {Promise<number>} its exit code
 */
export async function serveAdmin({ settingsFile, listen, signal }) {
  signal.throwIfAborted();
  const child = spawn(process.execPath, [program, 'serve', '--settings', settingsFile, '--listen', listen], {
    // A terminal's Ctrl-C reaches us alone, and the server is told once.
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
    // Who starts it here looks at the page, not at a line for each request.
    env: { ...process.env, [logLevelVariable]: process.env[logLevelVariable] ?? 'warn' },
  });
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const onAbort = () => {
    child.kill('SIGTERM');
    timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  };
  // Whatever ends this process by itself must not leave the server behind.
  const onExit = () => void (child.pid !== undefined && child.exitCode === null && sendSignal(child.pid, 'SIGTERM'));
  signal.addEventListener('abort', onAbort, { once: true });
  process.once('exit', onExit);
  try {
    const [exitCode] = await once(child, 'exit');
    return typeof exitCode === 'number' ? exitCode : 1;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    process.off('exit', onExit);
  }
}
