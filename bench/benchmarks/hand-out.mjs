// @ts-check
import { summarise, timed } from '../measure/samples.mjs';
import { endAll, openWarmPool } from '../measure/warm-pool.mjs';

/** @import { Sandbox } from '@sandport/core' */
/** @import { Isolation } from '../measure/runtimes.mjs' */
/** @import { Row } from '../measure/report.mjs' */
/** @import { WarmPool } from '../measure/warm-pool.mjs' */

const POOL_SIZE = 6;
const GOAL_P99_MS = 5;

/**
 * How long the pool takes to hand out a container that waits in it, from the caller's call to the caller's sandbox.
 *
 * @param {{ calls: number, isolations: readonly Isolation[] }} options
 * @returns {Promise<Row[]>}
 */
export async function measureHandOut({ calls, isolations }) {
  const rows = [];
  for (const isolation of isolations) {
    const pool = await openWarmPool({ language: 'python', isolation, size: POOL_SIZE });
    try {
      const { samples, misses } = await claimAll(pool, calls);
      const summary = summarise(`hand-out from the pool, ${isolation}`, samples);
      const verdict = summary.p99Ms <= GOAL_P99_MS ? 'met' : 'missed';
      rows.push({
        ...summary,
        facts: { misses, createMs: pool.coldMs, goalP99Ms: GOAL_P99_MS },
        note: `goal p99 ${GOAL_P99_MS} ms: ${verdict}; ${misses} claims found the pool empty; making one takes ${pool.coldMs.toFixed(0)} ms`,
      });
    } finally {
      await pool.close();
    }
  }
  return rows;
}

/**
 * @param {WarmPool} pool
 * @param {number} calls
 */
async function claimAll(pool, calls) {
  /** @type {number[]} */
  const samples = [];
  let misses = 0;
  while (samples.length + misses < calls) {
    /** @type {Sandbox[]} */
    const sandboxes = [];
    for (let index = 0; index < POOL_SIZE; index += 1) {
      const tookMs = await timed(async () => {
        sandboxes.push(await pool.provider.createSandbox({ language: 'python' }));
      });
      if (pool.isWarm(tookMs)) samples.push(tookMs);
      else misses += 1;
    }
    await endAll(sandboxes);
    await pool.refill(POOL_SIZE);
  }
  return { samples, misses };
}
