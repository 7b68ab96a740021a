// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { repositoryRoot } from '../setup/repository.mjs';
import { prepareSettings } from '../start/prepare-settings.mjs';

const program = path.join(repositoryRoot, 'apps', 'admin', 'dist', 'main.js');
const startTimeoutMs = 60_000;
const callTimeoutMs = 30_000;
const firstAccountRoute = '/api/v1/admin/first-account';

/**
 * @typedef {object} OpenAdmin
 * @property {string} address
 * @property {{ name: string, value: string, url: string }} cookie of an admin who is signed in
 * @property {() => Promise<void>} close
 */

/**
 * Starts the server as it is installed, in a process of its own and with settings of its own, and signs somebody in.
 *
 * @param {AbortSignal} signal
 * @returns {Promise<OpenAdmin>}
 */
export async function openAdmin(signal) {
  const folder = await mkdtemp(path.join(tmpdir(), 'sandport-weight-'));
  /** @type {(() => Promise<void>)[]} */
  const endings = [() => rm(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const end of endings.toReversed()) await end();
  };
  try {
    const { settingsFile } = await prepareSettings({ folder, signal });
    const words = ['serve', '--settings', settingsFile, '--listen', '127.0.0.1:0'];
    const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'ignore'] });
    const ended = once(child, 'exit');
    endings.push(async () => {
      child.kill('SIGTERM');
      await ended;
    });
    const link = await readLink(child.stdout, AbortSignal.any([signal, AbortSignal.timeout(startTimeoutMs)]));
    const address = link.origin;
    return { address, cookie: { ...(await makeFirstAccount(link, signal)), url: address }, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * @param {import('node:stream').Readable} output
 * @param {AbortSignal} signal
 * @returns {Promise<URL>} the link that makes the first account
 */
async function readLink(output, signal) {
  for await (const line of createInterface({ input: output, signal })) {
    const found = /https?:\/\/\S+#\S+/.exec(line)?.[0];
    if (found === undefined) continue;
    // Whatever is said later is let through: a full pipe would hold the server up.
    output.resume();
    return new URL(found);
  }
  signal.throwIfAborted();
  throw new Error('The server ended before it printed the link that makes the first account.');
}

/**
 * @param {URL} link
 * @param {AbortSignal} signal
 * @returns {Promise<{ name: string, value: string }>} the cookie of the session
 */
async function makeFirstAccount(link, signal) {
  const answer = await fetch(new URL(firstAccountRoute, link), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ secret: link.hash.slice(1), name: 'weight', password: 'nobody keeps this one' }),
    signal: AbortSignal.any([signal, AbortSignal.timeout(callTimeoutMs)]),
  });
  if (!answer.ok) throw new Error(`The first account could not be made: ${answer.status} ${await answer.text()}`);
  const [pair = ''] = (answer.headers.getSetCookie().at(-1) ?? '').split(';');
  const at = pair.indexOf('=');
  return { name: pair.slice(0, at), value: pair.slice(at + 1) };
}
