// @ts-check
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { EngineView } from './engine-view.mjs';

const host = fileURLToPath(new URL('../../../../tools/engine/killable-engine.mjs', import.meta.url));
const ANSWER_MS = 90_000;

/**
 * An engine that is nobody else's, to be killed.
 *
 * @typedef {object} KillableEngine
 * @property {string} dockerHost
 * @property {() => Promise<void>} kill SIGKILL for dockerd; its containers' processes are left as they are
 * @property {() => Promise<void>} start starts dockerd again; resolves when it answers
 * @property {() => Promise<void>} close takes it down with everything in it
 */

/** Whether such an engine can be started here: only root on Linux may. */
export const canHaveOwnEngine = process.platform === 'linux' && process.getuid?.() === 0;

/**
 * @param {{ sourceDockerHost: string, image: string }} options the image that it is given, and whose
 * @returns {Promise<KillableEngine>}
 */
export async function openKillableEngine({ sourceDockerHost, image }) {
  const folder = await mkdtemp(join(tmpdir(), 'sandport-killable-'));
  const child = spawn('unshare', ['--mount', '--propagation=slave', process.execPath, host, folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const events = new EventEmitter();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = JSON.parse(line);
    events.emit(event.event, event);
  });
  const closed = once(child, 'close');
  /** @param {string} event */
  const expect = (event) => once(events, event, { signal: AbortSignal.timeout(ANSWER_MS) });
  const close = async () => {
    child.stdin.end();
    await closed;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const [{ dockerHost }] = await expect('ready');
    const tarball = await new EngineView(sourceDockerHost).docker.getImage(image).get();
    const progress = await new EngineView(dockerHost).docker.loadImage(tarball);
    await once(progress.resume(), 'end');
    /** @param {string} command @param {string} event */
    const ask = async (command, event) => {
      const answer = expect(event);
      child.stdin.write(`${command}\n`);
      await answer;
    };
    return { dockerHost, close, kill: () => ask('kill', 'killed'), start: () => ask('start', 'ready') };
  } catch (error) {
    await close();
    throw error;
  }
}
