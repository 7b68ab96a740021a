// @ts-check
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { waitFor } from '../engine/deadline.mjs';
import { codeOf } from '../engine/errors.mjs';
import { missingDatabasePackages } from './server-programs.mjs';

/** Installing packages is no business of a test: these cases need a machine on which databases were started before. */
const canStart = process.platform === 'linux' && missingDatabasePackages().length === 0;
const main = fileURLToPath(new URL('main.mjs', import.meta.url));

/** @type {import('node:child_process').ChildProcess[]} */
let started = [];

afterEach(() => {
  // Only a failed test leaves any; its databases end with them.
  for (const child of started) child.kill('SIGKILL');
  started = [];
});

/** Starts databases in a process of its own, as their users do. */
async function startInProcess() {
  const child = spawn(process.execPath, [main, 'start'], {
    env: { ...process.env, SANDPORT_TEST_POSTGRES_URL: '', SANDPORT_TEST_MYSQL_URL: '' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  started.push(child);
  const ended = new Promise((resolve) => void child.once('exit', (exitCode, signalName) => resolve(signalName ?? exitCode)));
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ text) => (output += text));
  await waitFor(() => output.split('\n').length > 2, { timeoutMs: 60_000, intervalMs: 20 });
  const ports = [...output.matchAll(/127\.0\.0\.1:(\d+)/g)].map((found) => Number(found[1]));
  const guardian = processes().find(({ commandLine, parent }) => parent === child.pid && commandLine.includes('guardian.mjs'));
  if (ports.length !== 2 || guardian === undefined) throw new Error(`no databases were started: ${output}`);
  return { child, ended, ports, guardian, folder: path.resolve(guardian.commandLine.split('\0').at(-2) ?? '') };
}

/** @returns {{ pid: number, parent: number, commandLine: string }[]} */
function processes() {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      const parent = Number(/^PPid:\s*(\d+)$/m.exec(status)?.[1]);
      return [{ pid: Number(pid), parent, commandLine: readFileSync(`/proc/${pid}/cmdline`, 'utf8') }];
    } catch (error) {
      // It has ended between the two readings.
      if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH') return [];
      throw error;
    }
  });
}

/** @param {string} folder */
const processesNaming = (folder) => processes().filter(({ commandLine }) => commandLine.includes(folder));

/** @param {number} port */
function takesConnections(port) {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

describe.runIf(canStart)('private databases', () => {
  it('take connections, are not root, show no password in the list of processes, and leave nothing after SIGTERM', async () => {
    const { child, ended, ports, folder } = await startInProcess();
    expect(await Promise.all(ports.map(takesConnections))).toEqual([true, true]);
    const { postgresUrl, mysqlUrl } = JSON.parse(readFileSync(path.join(folder, 'urls.json'), 'utf8'));
    for (const url of [postgresUrl, mysqlUrl]) {
      const { password } = new URL(url);
      expect(processes().filter(({ commandLine }) => commandLine.includes(password))).toEqual([]);
    }
    const named = processesNaming(folder).filter(({ commandLine }) => /^[^\0]*\/(postgres|mariadbd)\0/.test(commandLine));
    // A process that a server has just forked has its name for a moment.
    const servers = named.filter(({ parent }) => !named.some(({ pid }) => pid === parent));
    expect(servers.length).toBe(2);
    for (const { pid } of servers) expect(readFileSync(`/proc/${pid}/status`, 'utf8')).not.toMatch(/^Uid:\s*0\s/m);
    child.kill('SIGTERM');
    expect(await ended).toBe(143);
    expect(processesNaming(folder)).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  }, 90_000);

  it('end when their user is killed', async () => {
    const { child, ended, folder } = await startInProcess();
    child.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
    const isGone = () => !existsSync(folder) && processesNaming(folder).length === 0;
    expect(await waitFor(isGone, { timeoutMs: 30_000, intervalMs: 50 })).toBe(true);
  }, 90_000);

  it('end when even their guardian is killed', async () => {
    const { child, ended, guardian, folder } = await startInProcess();
    process.kill(guardian.pid, 'SIGKILL');
    expect(await waitFor(() => processesNaming(folder).length === 0, { timeoutMs: 30_000, intervalMs: 50 })).toBe(true);
    child.kill('SIGTERM');
    await ended;
  }, 90_000);
});
