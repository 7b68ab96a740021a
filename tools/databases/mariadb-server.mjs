// @ts-check
import { randomBytes } from 'node:crypto';
import { chown, mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { DatabasesUnavailableError } from './errors.mjs';
import { findMariadb } from './server-programs.mjs';
import { findFreePort, runPreparation, startServer } from './server-process.mjs';
import { unprivilegedUser } from './unprivileged-user.mjs';

/** @import { DatabaseServer } from './index.mjs' */

const askTimeoutMs = 5_000;
/** A server that is killed keeps its data; what happens when the machine loses power is of no interest, and waiting for disks costs time. */
const settings = [
  '--innodb-flush-log-at-trx-commit=2',
  '--innodb-flush-method=nosync',
  '--innodb-doublewrite=0',
  '--innodb-buffer-pool-size=32M',
  '--skip-log-bin',
  '--skip-name-resolve',
  '--max-connections=100',
];

/**
 * Makes a MariaDB server of the caller's own and starts it. It ends with this process, at the latest.
 *
 * @param {{ folder: string, signal?: AbortSignal | undefined }} options `folder` gets everything of it
 * @returns {Promise<DatabaseServer>}
 */
export async function startMariadb({ folder, signal }) {
  const programs = findMariadb();
  if (programs === null) throw new DatabasesUnavailableError('There is no MariaDB server here.', 'Install the package mariadb-server.');
  const user = unprivilegedUser(['mysql']);
  const own = path.join(folder, 'mariadb');
  const [data, firstStatements, logFile] = [path.join(own, 'data'), path.join(own, 'first.sql'), path.join(own, 'log')];
  await mkdir(own, { recursive: true, mode: 0o700 });
  const password = randomBytes(16).toString('hex');
  await writeFile(firstStatements, statementsFor(password), { mode: 0o600 });
  if (user !== null) for (const place of [own, firstStatements]) await chown(place, user.uid, user.gid);
  const makeArguments = [`--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve'];
  await runPreparation(programs.installDb, ['--no-defaults', ...makeArguments], { user, cwd: own, signal });
  const port = await findFreePort();
  const places = [`--datadir=${data}`, `--socket=${path.join(own, 'socket')}`, `--pid-file=${path.join(own, 'pid')}`];
  const network = [`--port=${port}`, '--bind-address=127.0.0.1', `--init-file=${firstStatements}`];
  const start = (/** @type {AbortSignal | undefined} */ startSignal) =>
    startServer({
      command: [programs.server, '--no-defaults', ...settings, ...places, ...network],
      user,
      cwd: own,
      logFile,
      endSignal: 'KILL',
      answers: () => greets(port),
      signal: startSignal,
    });
  let running = await start(signal);
  return {
    url: `mysql://sandport:${password}@127.0.0.1:${port}/mysql`,
    isRunning: () => running.isRunning(),
    stop: () => running.stop(),
    startAgain: async () => {
      running = await start(undefined);
    },
  };
}

/**
 * Run at each start, before anybody can connect.
 *
 * @param {string} password
 */
function statementsFor(password) {
  return [
    `create or replace user sandport@'127.0.0.1' identified by '${password}';`,
    `grant all privileges on *.* to sandport@'127.0.0.1' with grant option;`,
    'drop user if exists root@localhost;',
    '',
  ].join('\n');
}

/**
 * @param {number} port
 * @returns {Promise<boolean>} whether the server has said its first word, which it does when it takes connections
 */
function greets(port) {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: askTimeoutMs });
    const answer = (/** @type {boolean} */ isThere) => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('data', () => answer(true));
    for (const event of ['error', 'timeout', 'close']) socket.once(event, () => answer(false));
  });
}
