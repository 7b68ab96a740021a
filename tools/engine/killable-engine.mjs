// @ts-check
/**
 * Holds a Docker engine whose dockerd is killed and started again on demand. It runs in a mount namespace of its own and takes everything down at the end of
 * its standard input. Lines in: `kill`, `start`. Lines out: a JSON object with `event`. Usage: killable-engine.mjs FOLDER
 */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { startDaemon, waitUntilReady } from './daemon.mjs';
import { prepareSettings } from './engine-settings.mjs';
import { takeDownEngine } from './take-down.mjs';

const POLL_MS = 10;
const SHOWN_LOG_LINES = 15;

const folder = process.argv[2] ?? '';
const runFolder = join(folder, `sandport-killable-${process.pid}`);
await mkdir(runFolder, { recursive: true });
// Folders of the caller's own choice are for its own engine.
delete process.env['SANDPORT_ENGINE_SOCKET'];
const settings = await prepareSettings({ runFolder, dataFolder: join(folder, 'data') });
await writeFile(settings.logFile, '');
let daemon = await startDaemon(settings);
try {
  await answers();
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'kill') {
      process.kill(Number(await readFile(join(runFolder, 'docker.pid'), 'utf8')), 'SIGKILL');
      while (daemon.isRunning()) await delay(POLL_MS);
      tell({ event: 'killed' });
    } else {
      // Where nobody reaps orphans, the containerd that died with its dockerd would be taken for alive by its process id.
      await rm(join(runFolder, 'exec', 'containerd', 'containerd.pid'), { force: true });
      daemon = startAgain();
      await answers();
    }
  }
} catch (error) {
  process.stderr.write(`${String(error)}\n${(await readFile(settings.logFile, 'utf8')).split('\n').slice(-SHOWN_LOG_LINES).join('\n')}\n`);
  process.exitCode = 1;
} finally {
  tell({ event: 'stopped', leftBehind: await takeDownEngine(settings, daemon) });
  process.stdin.destroy();
}

async function answers() {
  await waitUntilReady(settings.socketPath, daemon, new AbortController().signal);
  tell({ event: 'ready', dockerHost: `unix://${settings.socketPath}` });
}

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
