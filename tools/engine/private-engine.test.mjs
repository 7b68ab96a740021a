// @ts-check
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findProgram } from './command.mjs';
import { waitFor } from './deadline.mjs';
import { findEngine } from './find-engine.mjs';
import { codeOf } from './errors.mjs';
import { readMounts } from './mounts.mjs';

/** Installing packages is no business of a test: these cases need a machine on which an engine was started before. */
const canStart = process.platform === 'linux' && process.getuid?.() === 0 && ['dockerd', 'runsc', 'mmdebstrap'].every(findProgram);
const main = fileURLToPath(new URL('main.mjs', import.meta.url));

let dataFolder = '';
/** @type {import('node:child_process').ChildProcess[]} */
let started = [];

beforeEach(async () => {
  dataFolder = await mkdtemp(path.join(tmpdir(), 'engine-test-'));
});

afterEach(async () => {
  // Only a failed test leaves any; its engines end with them.
  for (const child of started) child.kill('SIGKILL');
  started = [];
  await rm(dataFolder, { recursive: true, force: true });
});

/** Starts an engine in a process of its own, as its users do. */
async function startInProcess() {
  const child = spawn(process.execPath, [main, 'start', '--private'], {
    env: { ...process.env, SANDPORT_ENGINE_DATA: dataFolder, SANDPORT_ENGINE_SOCKET: '' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  started.push(child);
  const ended = new Promise((resolve) => void child.once('exit', (exitCode, signalName) => resolve(signalName ?? exitCode)));
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ text) => (output += text));
  await waitFor(() => output.endsWith('\n'), { timeoutMs: 60_000, intervalMs: 20 });
  const dockerHost = output.trim().replace('export DOCKER_HOST=', '');
  return { child, ended, dockerHost, runFolder: path.dirname(dockerHost.replace('unix://', '')) };
}

/**
 * @param {string} folder
 * @returns {string[]} the command lines that name it
 */
function processesNaming(folder) {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(readCommandLine).filter((commandLine) => commandLine.includes(folder));
}

/** @param {string} pid */
function readCommandLine(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch (error) {
    // It has ended between the two readings.
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH') return '';
    throw error;
  }
}

/** @param {string} runFolder */
async function expectNothingLeft(runFolder) {
  const isGone = () => !existsSync(runFolder) && processesNaming(runFolder).length === 0;
  expect(await waitFor(isGone, { timeoutMs: 30_000, intervalMs: 50 })).toBe(true);
  const mountPoints = (await readMounts()).map(({ mountPoint }) => mountPoint);
  expect(mountPoints.filter((mountPoint) => mountPoint.startsWith(runFolder) || mountPoint.startsWith(dataFolder))).toEqual([]);
}

describe.runIf(canStart)('a private engine', () => {
  it('ends with SIGTERM, and leaves nothing but its data', async () => {
    const { child, ended, dockerHost, runFolder } = await startInProcess();
    expect(await findEngine({ dockerHost })).toMatchObject({ engine: { dockerHost, hasGvisor: true } });
    expect(processesNaming(runFolder).length).toBeGreaterThan(0);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    await expectNothingLeft(runFolder);
    expect(existsSync(path.join(dataFolder, 'docker'))).toBe(true);
  });

  it('ends when its user is killed', async () => {
    const { child, ended, runFolder } = await startInProcess();
    child.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
    await expectNothingLeft(runFolder);
  });

  it('does not share its data with a second one', async () => {
    const first = await startInProcess();
    const second = await startInProcess();
    expect(existsSync(path.join(first.runFolder, 'data'))).toBe(false);
    expect(existsSync(path.join(second.runFolder, 'data'))).toBe(true);
    for (const { child, ended } of [first, second]) {
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
    }
    await expectNothingLeft(first.runFolder);
    await expectNothingLeft(second.runFolder);
  });
});
