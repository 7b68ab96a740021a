// @ts-check
import { setTimeout as delay } from 'node:timers/promises';
import { ExecutorFolder, SpawnedExecutor } from '../support/spawned-executor.mjs';
import { keepCalling, Tally } from './calls.mjs';
import { EngineView, until } from './engine-view.mjs';

/** @import { Footprint } from '../support/spawned-executor.mjs' */

const CAPACITY = 4;

/** An executor over a small pool, which looks often whether it can run programs. */
export const CONFIG = {
  graceMs: 10_000,
  healthIntervalMs: 2000,
  provider: {
    id: 'docker',
    config: { isolation: 'gvisor', warmContainers: 1, maxIdleContainers: 2, maxContainers: CAPACITY, maxQueueLength: CAPACITY },
  },
};

/** Each container that waits has a connection, and of those there may be more after a rush than before it. */
export const MORE_WAITING = CONFIG.provider.config.maxIdleContainers - CONFIG.provider.config.warmContainers;

const SETTLE_MS = 15_000;

/**
 * What came of an overload.
 *
 * @typedef {object} OverloadReport
 * @property {number} callers
 * @property {Tally} tally
 * @property {number} readyMs
 * @property {number} unreadyLooks how often it said that it was not ready
 * @property {Footprint} before
 * @property {Footprint} after
 * @property {number} containersLeft after it was stopped
 * @property {{ exitCode: number | null, signal: string | null }} end
 */

/**
 * Asks an executor in front of a Docker engine for four times what it can do, and looks at what is left.
 *
 * @param {{ seconds: number }} options
 * @returns {Promise<OverloadReport>}
 */
export async function overload({ seconds }) {
  const view = new EngineView();
  const folder = await ExecutorFolder.make();
  try {
    const executor = await SpawnedExecutor.start(folder, CONFIG);
    try {
      const readyMs = await executor.untilReady();
      const { address } = executor;
      const { token } = folder;
      // Whatever is made once is made before the first look.
      await callFor({ address, token, callers: 4, seconds: Math.min(3, seconds / 4) }, new Tally());
      await settled(executor, 0);
      const before = await executor.footprint();
      const tally = new Tally();
      const looks = watchReadiness(executor);
      await callFor({ address, token, callers: CAPACITY * 4, seconds }, tally);
      const unreadyLooks = await looks.end();
      await settled(executor, before.sockets + MORE_WAITING);
      const after = await executor.footprint();
      executor.signal();
      const end = await executor.ended;
      const { left: containersLeft } = await view.untilNone(new Set([executor.pid]), SETTLE_MS);
      return { callers: CAPACITY * 4, tally, readyMs, unreadyLooks, before, after, containersLeft, end };
    } finally {
      await executor.kill();
    }
  } finally {
    await folder.remove();
  }
}

/**
 * @param {{ address: string, token: string, callers: number, seconds: number }} options
 * @param {Tally} tally
 */
async function callFor({ address, token, callers, seconds }, tally) {
  const over = new AbortController();
  const calling = Array.from({ length: callers }, (_, caller) => keepCalling({ address, token, caller, tally, signal: over.signal }));
  await delay(seconds * 1000);
  over.abort();
  await Promise.all(calling);
}

/** @param {SpawnedExecutor} executor */
function watchReadiness(executor) {
  const over = new AbortController();
  let unready = 0;
  const watching = (async () => {
    while (!over.signal.aborted) {
      const { status } = await fetch(`${executor.address}/readyz`, { headers: { connection: 'close' } });
      if (status !== 200) unready += 1;
      await delay(250);
    }
    return unready;
  })();
  return {
    end() {
      over.abort();
      return watching;
    },
  };
}

/** Withdrawn calls take a moment to end, and so do the connections to the engine that they had. @param {SpawnedExecutor} executor @param {number} sockets */
async function settled(executor, sockets) {
  await delay(2000);
  if (sockets > 0) await until(async () => (await executor.footprint()).sockets <= sockets, SETTLE_MS);
}
