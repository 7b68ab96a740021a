// @ts-check
import { EventEmitter } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { untilAborted, withDeadline } from '../engine/deadline.mjs';
import { isAbandoned, lockName } from '../engine/engine-folders.mjs';
import { messageOf } from '../engine/errors.mjs';
import { startHelper } from '../engine/helper-process.mjs';
import { DatabasesUnavailableError } from './errors.mjs';

/** @import { Databases } from './index.mjs' */
/** @import { HelperProcess } from '../engine/helper-process.mjs' */

/** Where the guardian writes, in its folder, how the servers are reached. */
export const urlsFile = 'urls.json';

const folderPrefix = 'sandport-databases-';
const startTimeoutMs = 180_000;
const stopTimeoutMs = 40_000;
const guardian = fileURLToPath(new URL('guardian.mjs', import.meta.url));

/**
 * Starts a PostgreSQL and a MariaDB server that are nobody else's and end with this process.
 *
 * @param {{ log: (line: string) => void, signal?: AbortSignal | undefined }} options
 * @returns {Promise<Databases>}
 */
export async function startPrivateDatabases({ log, signal }) {
  const folder = await mkdtemp(path.join(tmpdir(), folderPrefix));
  // The servers run as users of their own, who have to be able to come in here.
  await chmod(folder, 0o711);
  /** @type {string[]} */
  const problems = [];
  const news = new EventEmitter();
  /** @type {Promise<'ready'>} */
  const ready = new Promise((resolve) => void news.once('ready', () => resolve('ready')));
  const helper = startHelper({
    program: 'flock',
    args: ['--no-fork', path.join(folder, lockName), process.execPath, guardian, folder],
    onMessage: (message) => {
      news.emit(message.event);
      if (message.event === 'failed') problems.push(message.message);
      if (message.event === 'stopped') problems.push(...message.leftBehind.map((what) => `left behind: ${what}`));
    },
  });
  try {
    const limits = { what: 'starting private databases', timeoutMs: startTimeoutMs, signal };
    const first = await withDeadline(limits, (deadline) => untilAborted(Promise.race([ready, helper.ended]), deadline));
    if (first !== 'ready') throw startFailure([...problems, first.complaints]);
    const urls = JSON.parse(await readFile(path.join(folder, urlsFile), 'utf8'));
    return handle({ helper, problems, log, urls });
  } catch (error) {
    await takeDown(helper);
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/**
 * @param {object} parts
 * @param {HelperProcess} parts.helper
 * @param {readonly string[]} parts.problems what the guardian reports, as it comes
 * @param {(line: string) => void} parts.log
 * @param {{ postgresUrl: string, mysqlUrl: string }} parts.urls
 * @returns {Databases}
 */
function handle({ helper, problems, log, urls }) {
  /** @type {Promise<void> | undefined} */
  let stopped;
  const stop = async () => {
    await takeDown(helper);
    if (problems.length > 0) throw new Error(`The private databases did not end cleanly.\n${problems.join('\n')}`);
  };
  void helper.ended.then(() => {
    if (stopped === undefined) log(`the private databases have ended by themselves: ${problems.join('\n')}`);
  });
  // A caller that forgets to stop them can still end, and they with it.
  helper.unref();
  return { ...urls, stop: () => (stopped ??= stop()) };
}

/** @param {HelperProcess} helper */
async function takeDown(helper) {
  helper.letGo();
  const limits = { what: `taking down the private databases (process ${helper.pid})`, timeoutMs: stopTimeoutMs };
  await withDeadline(limits, (deadline) => untilAborted(helper.ended, deadline));
}

/** @param {readonly string[]} details */
function startFailure(details) {
  return new DatabasesUnavailableError(
    `Private databases did not start.\n${details.filter((detail) => detail !== '').join('\n')}`,
    'Start PostgreSQL and MariaDB yourself, and set SANDPORT_TEST_POSTGRES_URL and SANDPORT_TEST_MYSQL_URL.',
  );
}

/**
 * Removes the temporary folders of databases that were killed before they could do so.
 *
 * @param {{ log: (line: string) => void }} options
 */
export async function removeAbandonedDatabases({ log }) {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(folderPrefix));
  for (const name of names) {
    const folder = path.join(tmpdir(), name);
    try {
      if (!(await isAbandoned(folder))) continue;
      log(`removing ${folder}, left behind by databases that were killed`);
      await rm(folder, { recursive: true, force: true });
    } catch (error) {
      log(`${folder} cannot be removed: ${messageOf(error)}`);
    }
  }
}
