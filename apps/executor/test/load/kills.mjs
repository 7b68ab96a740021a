// @ts-check
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { ExecutorFolder, SpawnedExecutor } from '../support/spawned-executor.mjs';
import { keepCalling, Tally } from './calls.mjs';
import { EngineView, until } from './engine-view.mjs';
import { CONFIG } from './overload.mjs';

const CALLERS = 6;

/** Containers whose stream is gone end by themselves; what was made and not started is the reaper's, of the next executor. */
const ORPHAN_MS = 30_000;

/**
 * What came of one kill.
 *
 * @typedef {{ readyMs: number, answered: number, containers: number, goneMs: number, left: number }} KillReport
 */

/**
 * Kills an executor under load, over and over, each time on the same port.
 *
 * @param {{ kills: number }} options
 * @returns {Promise<KillReport[]>}
 */
export async function killUnderLoad({ kills }) {
  const view = new EngineView();
  const folder = await ExecutorFolder.make();
  const port = await freePort();
  /** @type {KillReport[]} */
  const reports = [];
  /** @type {Set<number>} */
  const killed = new Set();
  /** @type {SpawnedExecutor | undefined} */
  let executor;
  try {
    // One more than are killed: the last one finds what the last kill left.
    for (let start = 0; start <= kills; start += 1) {
      executor = await SpawnedExecutor.start(folder, { ...CONFIG, listen: { port } });
      const readyMs = await executor.untilReady();
      if (killed.size > 0) {
        const { tookMs: goneMs, left } = await view.untilNone(killed, ORPHAN_MS);
        Object.assign(reports.at(-1) ?? {}, { goneMs, left });
      }
      if (start === kills) {
        executor.signal();
        await executor.ended;
        break;
      }
      const { containers, answered } = await killOnce(executor, folder, view);
      killed.add(executor.pid);
      reports.push({ readyMs, answered, containers, goneMs: Number.NaN, left: Number.NaN });
    }
    return reports;
  } finally {
    await executor?.kill();
    await folder.remove();
  }
}

/** @param {SpawnedExecutor} executor @param {ExecutorFolder} folder @param {EngineView} view */
async function killOnce(executor, folder, view) {
  const over = new AbortController();
  const tally = new Tally();
  const options = { address: executor.address, token: folder.token, tally, signal: over.signal };
  const calling = Array.from({ length: CALLERS }, (_, caller) => keepCalling({ ...options, caller }));
  await until(() => tally.answered > 3, 20_000);
  await delay(Math.random() * 500);
  const containers = await view.countOf(new Set([executor.pid]));
  over.abort();
  await executor.kill();
  await Promise.all(calling);
  return { containers, answered: tally.answered };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
