// @ts-check
/**
 * Holds a Docker engine whose dockerd is killed and started again on demand. It runs in a mount namespace of its own and takes everything down at the end of
 * its standard input. Lines in: `kill`, `start`. Lines out: a JSON object with `event`. Usage: killable-engine-host.mjs FOLDER
 */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { startDaemon, waitUntilReady } from '../../../../tools/engine/daemon.mjs';
import { prepareSettings } from '../../../../tools/engine/engine-settings.mjs';
import { takeDownEngine } from '../../../../tools/engine/take-down.mjs';

const POLL_MS = 10;

const folder = process.argv[2] ?? '';
const runFolder = join(folder, `sandport-killable-${process.pid}`);
await mkdir(runFolder, { recursive: true });
// Folders of the caller's own choice are for its own engine.
delete process.env['SANDPORT_ENGINE_SOCKET'];
const settings = await prepareSettings({ runFolder, dataFolder: join(folder, 'data') });
await writeFile(settings.logFile, '');
let daemon = await startDaemon(settings);
await waitUntilReady(settings.socketPath, daemon, new AbortController().signal);
tell({ event: 'ready', dockerHost: `unix://${settings.socketPath}` });

for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'kill') {
    process.kill(Number(await readFile(join(runFolder, 'docker.pid'), 'utf8')), 'SIGKILL');
    while (daemon.isRunning()) await delay(POLL_MS);
    tell({ event: 'killed' });
  } else {
    daemon = startAgain();
    await waitUntilReady(settings.socketPath, daemon, new AbortController().signal);
    tell({ event: 'ready', dockerHost: `unix://${settings.socketPath}` });
  }
}
tell({ event: 'stopped', leftBehind: await takeDownEngine(settings, daemon) });

/** The same dockerd with the same configuration, in sight of what the killed one has left: its containers, too. */
function startAgain() {
  const log = openSync(settings.logFile, 'a');
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', settings.dockerdPath, '--config-file', join(runFolder, 'daemon.json')], {
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  let isRunning = true;
  /** @type {Promise<string>} */
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (exitCode, signal) => resolve(`dockerd ended with ${signal ?? `exit code ${exitCode}`}`));
  });
  void ended.then(() => (isRunning = false));
  return { ended, isRunning: () => isRunning, terminate: () => void child.kill('SIGTERM') };
}

/** @param {object} event */
function tell(event) {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}
