// @ts-check
/**
 * The parent of a private Docker engine, started by private-engine.mjs in a mount namespace of its own. It holds the
 * engine up for as long as its user lives, and takes everything down afterwards. Usage: guardian.mjs SETTINGS_FILE
 */
import { readFile, writeFile } from 'node:fs/promises';
import { startDaemon, waitUntilReady } from './daemon.mjs';
import { untilAborted } from './deadline.mjs';
import { removeAllContainers } from './docker-api.mjs';
import { messageOf } from './errors.mjs';
import { parentGone, sendMessage } from './messages.mjs';
import { takeDownEngine } from './take-down.mjs';

/** Removing what a killed engine left can wait for a slow disk: an image that was being built has a container with all of its files. */
const removeTimeoutMs = 60_000;
const shownLogLines = 25;

/** @typedef {import('./engine-settings.mjs').GuardianSettings} GuardianSettings */

/** @param {GuardianSettings} settings */
async function guard(settings) {
  const signal = parentGone();
  /** @type {import('./daemon.mjs').Daemon | null} */
  let daemon = null;
  try {
    await writeFile(settings.logFile, '');
    daemon = await startDaemon(settings);
    await waitUntilReady(settings.socketPath, daemon, signal);
    // A machine that lost power, or a guardian that was killed, leaves containers in the data folder.
    await removeAllContainers({ socketPath: settings.socketPath, timeoutMs: removeTimeoutMs, signal });
    sendMessage({ event: 'ready' });
    const how = await untilAborted(daemon.ended, signal);
    throw new Error(`${how}, and nobody had asked it to`);
  } catch (error) {
    if (!signal.aborted) {
      sendMessage({ event: 'failed', message: `${messageOf(error)}\n${await logTail(settings)}`, remedy: '' });
      process.exitCode = 1;
    }
  }
  const leftBehind = await takeDownEngine(settings, daemon);
  sendMessage({ event: 'stopped', leftBehind });
  // The pipe from the parent may still be open, and would keep this process waiting.
  process.stdin.destroy();
}

/** @param {GuardianSettings} settings */
async function logTail({ logFile }) {
  try {
    const lines = (await readFile(logFile, 'utf8')).trimEnd().split('\n');
    return `The end of ${logFile}:\n${lines.slice(-shownLogLines).join('\n')}`;
  } catch (error) {
    return `Its log cannot be read: ${messageOf(error)}`;
  }
}

/** @type {GuardianSettings} */
const settings = JSON.parse(await readFile(process.argv[2] ?? '', 'utf8'));
await guard(settings);
