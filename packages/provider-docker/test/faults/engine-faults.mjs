// @ts-check
import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { EngineView, poolOf, timeUntil } from './engine-view.mjs';
import { RECOVERY_MS, sleeper, spread } from './scenario.mjs';
import { Ledger, settleCall, tally } from './settle-call.mjs';
import { openSocketProxy } from './socket-proxy.mjs';

/** @import { SandboxProvider } from '@sandport/core' */
/** @import { Report, Surroundings } from './scenario.mjs' */
/** @import { Outcome } from './settle-call.mjs' */
/** @import { SocketProxy } from './socket-proxy.mjs' */

const WARM = 2;
const RUNNING = 3;
const ORPHAN_MS = 60_000;
const LONGEST_RECOVERY_MS = 30_000;

/**
 * What is done to the engine while calls run.
 *
 * @typedef {object} Fault
 * @property {string} name
 * @property {(parts: { proxy: SocketProxy, view: EngineView, pool: string }) => Promise<void>} strike resolves when the engine is well again
 * @property {number} callTimeoutMs of the calls that run meanwhile
 * @property {boolean} endsContainers whether every container of the pool ends by it
 * @property {(outcome: Outcome) => boolean} isTrue whether this may be said of a call that ran meanwhile
 */

/** @param {Outcome} outcome */
export const isOurError = (outcome) =>
  outcome.kind === 'error' && (outcome.code === 'PROVIDER_UNAVAILABLE' || outcome.code === 'DEADLINE_EXCEEDED');

/** @type {Fault} */
export const socketCut = {
  name: 'socket cut',
  endsContainers: true,
  callTimeoutMs: 60_000,
  strike: async ({ proxy }) => {
    proxy.refuse();
    proxy.cut();
    await delay(randomInt(50, 600));
    proxy.pass();
  },
  isTrue: isOurError,
};

/** @type {Fault} The program's own time is over before the engine speaks again: what is said rests on our clock. */
export const socketStalled = {
  name: 'socket stalled',
  endsContainers: false,
  callTimeoutMs: 1_000,
  strike: async ({ proxy }) => {
    proxy.stall();
    await delay(3_000);
    proxy.pass();
  },
  isTrue: (outcome) => isOurError(outcome) || (outcome.kind === 'result' && outcome.status === 'timed-out'),
};

/** @type {Fault} */
export const containersRemoved = {
  name: 'containers removed',
  endsContainers: true,
  callTimeoutMs: 60_000,
  strike: async ({ view, pool }) => {
    await Promise.all((await view.ofPool(pool)).map(({ Id }) => view.remove(Id)));
  },
  isTrue: (outcome) => isOurError(outcome) || (outcome.kind === 'result' && outcome.status === 'killed'),
};

/**
 * Strikes while calls run, and looks what becomes of the calls, the pool and the containers.
 *
 * @param {Surroundings} surroundings
 * @param {{ fault: Fault, rounds: number, recoveryMs?: number }} options
 * @returns {Promise<Report>}
 */
export async function strikeWhileCallsRun(surroundings, { fault, rounds, recoveryMs = RECOVERY_MS }) {
  const { isolation, dockerHost, open, log } = surroundings;
  const proxy = await openSocketProxy(dockerHost);
  const view = new EngineView(dockerHost);
  const ledger = new Ledger();
  const provider = open({ isolation, dockerHost: proxy.dockerHost, warmContainers: WARM, maxIdleContainers: WARM, maxContainers: 8 });
  /** @type {Outcome[]} */
  const struck = [];
  /** @type {Awaited<ReturnType<typeof recover>>[]} */
  const recoveries = [];
  /** @type {number[]} */
  const strays = [];
  /** @type {string[]} */
  const problems = [];
  let pool = '';
  try {
    await settleCall(provider, { code: sleeper('warm-up', 0) }, { onSandbox: (id) => (pool = poolOf(id)) });
    for (let round = 0; round < rounds; round += 1) {
      const before = await timeUntil(() => isFull(view, pool), 30_000);
      if (Number.isNaN(before)) problems.push(`round ${round}: the pool was not full before the fault`);
      const touched = new Set((await view.ofPool(pool)).map(({ Id }) => Id));
      struck.push(...(await strikeOnce(provider, { fault, proxy, view, pool, ledger, round })));
      // What a fault leaves alone counts; only its own victims do not.
      const recovered = await recover(provider, { view, pool, ledger, round, touched: fault.endsContainers ? touched : new Set() });
      recoveries.push(recovered);
      if (!(recovered.fullMs <= recoveryMs)) problems.push(`round ${round}: the pool took ${Math.round(recovered.fullMs)} ms to its size`);
      if (!(recovered.answeredMs <= recoveryMs)) problems.push(`round ${round}: an answer took ${Math.round(recovered.answeredMs)} ms`);
      const stray = await timeUntil(() => hasNoStrays(view, pool), ORPHAN_MS);
      strays.push(stray);
      if (Number.isNaN(stray)) problems.push(`round ${round}: containers were left beside the pool`);
      log(`${fault.name}, ${isolation}: round ${round + 1} of ${rounds}, full after ${Math.round(recovered.fullMs)} ms`);
    }
  } finally {
    await provider.close();
    await proxy.close();
  }
  const orphansGoneMs = await timeUntil(async () => (await view.ofPool(pool)).length === 0, ORPHAN_MS);
  if (Number.isNaN(orphansGoneMs)) problems.push(`${(await view.ofPool(pool)).length} containers were left`);
  for (const outcome of struck) {
    if (!fault.isTrue(outcome)) problems.push(`a call that was struck ended as ${JSON.stringify(tally([outcome]))}`);
  }
  for (const id of ledger.repeated) problems.push(`${id} ran more than once`);
  const settledMs = spread(struck.map(({ elapsedMs }) => elapsedMs));
  const refused = recoveries.flatMap((each) => each.refused);
  if (refused.some(({ kind }) => kind !== 'error')) problems.push(`after a fault: ${JSON.stringify(tally(refused))}`);
  return {
    figures: {
      rounds,
      struck: tally(struck),
      struckSettledMs: settledMs,
      answeredAgainMs: spread(recoveries.map(({ answeredMs }) => answeredMs)),
      fullAgainMs: spread(recoveries.map(({ fullMs }) => fullMs)),
      refusedMeanwhile: tally(refused),
      straysGoneMs: spread(strays),
      goneAfterCloseMs: Math.round(orphansGoneMs),
    },
    problems,
  };
}

/**
 * @param {SandboxProvider} provider
 * @param {{ fault: Fault, proxy: SocketProxy, view: EngineView, pool: string, ledger: Ledger, round: number }} parts
 * @returns {Promise<Outcome[]>} of the calls that ran when the fault struck
 */
async function strikeOnce(provider, { fault, proxy, view, pool, ledger, round }) {
  const ids = Array.from({ length: RUNNING }, (_, index) => `struck-${round}-${index}`);
  const calls = ids.map((id) =>
    settleCall(provider, {
      code: sleeper(id, 50),
      limits: { timeoutMs: fault.callTimeoutMs },
      onOutput: ({ text }) => ledger.note(text),
    }),
  );
  const all = Promise.all(calls);
  await timeUntil(async () => ids.every((id) => ledger.hasStarted(id)), 30_000);
  await fault.strike({ proxy, view, pool });
  return all;
}

/**
 * Calls again and again until a call is answered and the pool has its size, of containers that the fault has not touched.
 *
 * @param {SandboxProvider} provider
 * @param {{ view: EngineView, pool: string, ledger: Ledger, round: number, touched: ReadonlySet<string> }} parts
 * @returns {Promise<{ answeredMs: number, fullMs: number, refused: Outcome[] }>} NaN for never
 */
async function recover(provider, { view, pool, ledger, round, touched }) {
  const startedAt = performance.now();
  /** @type {Outcome[]} */
  const refused = [];
  const isAnswered = async () => {
    const id = `after-${round}-${refused.length}`;
    const outcome = await settleCall(provider, { code: sleeper(id, 0), onOutput: ({ text }) => ledger.note(text) }, { maxWaitMs: 5_000 });
    if (outcome.kind === 'result' && outcome.status === 'completed' && outcome.value === id) return true;
    refused.push(outcome);
    return false;
  };
  const answeredMs = await timeUntil(isAnswered, LONGEST_RECOVERY_MS);
  const full = await timeUntil(() => isFull(view, pool, touched), LONGEST_RECOVERY_MS);
  return { answeredMs, fullMs: Number.isNaN(full) ? full : performance.now() - startedAt, refused };
}

/**
 * @param {EngineView} view
 * @param {string} pool
 * @param {ReadonlySet<string>} [touched]
 */
async function isFull(view, pool, touched = new Set()) {
  const containers = await view.ofPool(pool);
  return containers.filter(({ State, Id }) => State === 'running' && !touched.has(Id)).length >= WARM;
}

/**
 * Whether the pool has nothing in the engine but the containers that it keeps ready.
 *
 * @param {EngineView} view
 * @param {string} pool
 */
async function hasNoStrays(view, pool) {
  const containers = await view.ofPool(pool);
  return containers.length <= WARM && containers.every(({ State }) => State === 'running');
}
