// @ts-check
import { summarise, timed } from '../measure/samples.mjs';
import { endAll, openWarmPool } from '../measure/warm-pool.mjs';

/** @import { Sandbox } from '@sandport/core' */
/** @import { Isolation } from '../measure/runtimes.mjs' */
/** @import { Row } from '../measure/report.mjs' */
/** @import { WarmPool } from '../measure/warm-pool.mjs' */

const POOL_SIZE = 6;
const GOAL_P99_MS = 5;
/** A percentile of the rare ones needs more of them than a median. */
const CLAIMS_PER_CALL = 4;

/**
 * How long the pool takes to hand out a container that waits in it, from the caller's call to the caller's sandbox.
 *
 * @param {{ calls: number, isolations: readonly Isolation[] }} options
 * @returns {Promise<Row[]>}
 */
export async function measureHandOut({ calls, isolations }) {
  /** @type {Row[]} */
  const rows = [];
  for (const isolation of isolations) {
    const pool = await openWarmPool({ language: 'python', isolation, size: POOL_SIZE });
    try {
      const { samples, misses } = await claimAll(pool, calls * CLAIMS_PER_CALL);
      const summary = summarise(`hand-out from the pool, ${isolation}`, samples);
      rows.push({
        ...summary,
        series: 'hand-out',
        language: 'python',
        isolation,
        misses,
        goals: [{ what: 'hand-out at p99', unit: 'ms', bound: 'at most', limit: GOAL_P99_MS, value: summary.p99Ms }],
        facts: { createMs: pool.coldMs },
        note: `making one takes ${pool.coldMs.toFixed(0)} ms`,
      });
    } finally {
      await pool.close();
    }
  }
  return rows;
}

/**
 * @param {WarmPool} pool
 * @param {number} claims
 */
async function claimAll(pool, claims) {
  /** @type {number[]} */
  const samples = [];
  let misses = 0;
  while (samples.length + misses < claims) {
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
