// @ts-check
/**
 * The parent of private database servers, started by private-databases.mjs. It holds them up for as long as its user lives, and takes everything down afterwards.
 * Usage: guardian.mjs FOLDER
 */
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { waitFor } from '../engine/deadline.mjs';
import { messageOf } from '../engine/errors.mjs';
import { parentGone, sendMessage } from '../engine/messages.mjs';
import { startMariadb } from './mariadb-server.mjs';
import { startPostgres } from './postgres-server.mjs';
import { urlsFile } from './private-databases.mjs';

/** @import { DatabaseServer } from './index.mjs' */

const watchIntervalMs = 500;

/** @param {string} folder */
async function guard(folder) {
  const signal = parentGone();
  /** @type {DatabaseServer[]} */
  const servers = [];
  /** @type {string[]} */
  const leftBehind = [];
  try {
    const outcomes = await Promise.allSettled([startPostgres({ folder, signal }), startMariadb({ folder, signal })]);
    for (const outcome of outcomes) if (outcome.status === 'fulfilled') servers.push(outcome.value);
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    const [postgresUrl, mysqlUrl] = servers.map(({ url }) => url);
    // A file that only we may read: passwords are not for the messages, which may be shown.
    await writeFile(path.join(folder, urlsFile), JSON.stringify({ postgresUrl, mysqlUrl }), { mode: 0o600 });
    sendMessage({ event: 'ready' });
    const someEnded = () => servers.some((server) => !server.isRunning());
    await waitFor(someEnded, { timeoutMs: Number.MAX_SAFE_INTEGER, intervalMs: watchIntervalMs, signal });
    throw new Error('a database server has ended, and nobody had asked it to');
  } catch (error) {
    if (!signal.aborted) {
      sendMessage({ event: 'failed', message: messageOf(error), remedy: '' });
      process.exitCode = 1;
    }
  }
  for (const server of servers) await server.stop().catch((/** @type {unknown} */ error) => leftBehind.push(messageOf(error)));
  await rm(folder, { recursive: true, force: true }).catch((/** @type {unknown} */ error) => leftBehind.push(messageOf(error)));
  sendMessage({ event: 'stopped', leftBehind });
  // The pipe from the parent may still be open, and would keep this process waiting.
  process.stdin.destroy();
}

await guard(process.argv[2] ?? '');
