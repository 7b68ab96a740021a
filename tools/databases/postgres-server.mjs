// @ts-check
import { randomBytes } from 'node:crypto';
import { chown, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runCommand } from '../engine/command.mjs';
import { DatabasesUnavailableError } from './errors.mjs';
import { findPostgres } from './server-programs.mjs';
import { findFreePort, runPreparation, startServer } from './server-process.mjs';
import { unprivilegedUser } from './unprivileged-user.mjs';

/** @import { DatabaseServer } from './index.mjs' */

const askTimeoutMs = 5_000;
/** A server that is killed keeps its data; what happens when the machine loses power is of no interest, and waiting for disks costs time. */
const settings = ['fsync=off', 'full_page_writes=off', 'shared_buffers=32MB', 'max_connections=100', 'autovacuum=off'];

/**
 * Makes a PostgreSQL server of the caller's own and starts it. It ends with this process, at the latest.
 *
 * @param {{ folder: string, signal?: AbortSignal | undefined }} options `folder` gets everything of it
 * @returns {Promise<DatabaseServer>}
 */
export async function startPostgres({ folder, signal }) {
  const programs = findPostgres();
  if (programs === null) throw new DatabasesUnavailableError('There is no PostgreSQL server here.', 'Install the package postgresql.');
  const { initdb, postgres, pgIsReady } = programs;
  const user = unprivilegedUser(['postgres']);
  const own = path.join(folder, 'postgres');
  const [data, passwordFile, logFile] = [path.join(own, 'data'), path.join(own, 'password'), path.join(own, 'log')];
  await mkdir(own, { recursive: true, mode: 0o700 });
  const password = randomBytes(16).toString('hex');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (user !== null) for (const place of [own, passwordFile]) await chown(place, user.uid, user.gid);
  const initArguments = [
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--username=sandport',
    '--encoding=UTF8',
    '--no-locale',
    '--no-sync',
  ];
  await runPreparation(initdb, [...initArguments, '-D', data], { user, cwd: own, signal });
  const port = await findFreePort();
  const places = [`unix_socket_directories=${own}`, 'listen_addresses=127.0.0.1', `port=${port}`];
  const start = (/** @type {AbortSignal | undefined} */ startSignal) =>
    startServer({
      command: [postgres, '-D', data, ...[...settings, ...places].flatMap((setting) => ['-c', setting])],
      user,
      cwd: own,
      logFile,
      endSignal: 'QUIT',
      answers: async () => (await runCommand(pgIsReady, ['-q', '-h', own, '-p', String(port)], { timeoutMs: askTimeoutMs })).exitCode === 0,
      signal: startSignal,
    });
  let running = await start(signal);
  return {
    url: `postgres://sandport:${password}@127.0.0.1:${port}/postgres`,
    isRunning: () => running.isRunning(),
    stop: () => running.stop(),
    startAgain: async () => {
      running = await start(undefined);
    },
  };
}
