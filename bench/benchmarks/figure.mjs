// @ts-check
import { performance } from 'node:perf_hooks';
import { startExecContainer } from '../measure/exec-container.mjs';
import { compare } from '../measure/report.mjs';
import { summarise, timed } from '../measure/samples.mjs';
import { openWarmPool } from '../measure/warm-pool.mjs';

/** @import { Isolation } from '../measure/runtimes.mjs' */
/** @import { Row } from '../measure/report.mjs' */
/** @import { WarmPool } from '../measure/warm-pool.mjs' */

/** Under gVisor. */
const GOAL_OF_COLD = 0.25;

/** Draws a figure from a frame, as somebody in a notebook does: nothing saves it. */
const PROGRAM = `
import numpy as np
import pandas as pd
import matplotlib.pyplot as plt

frame = pd.DataFrame({'day': np.arange(90), 'sales': np.arange(90) ** 1.5})
frame['week'] = frame['day'] // 7
frame.groupby('week')['sales'].sum().plot(kind='bar', title='Sales by week')
`;

/** The cold interpreter has nobody who saves the figure for it. */
const SAVED = `import matplotlib\nmatplotlib.use('Agg')\n${PROGRAM}\nplt.gcf().savefig('/tmp/figure.png')\n`;

/**
 * A call of the `data` profile that draws a figure, beside the same program in a cold interpreter in a container of the same image and runtime.
 *
 * @param {{ calls: number, isolations: readonly Isolation[] }} options
 * @returns {Promise<Row[]>}
 */
export async function measureFigure({ calls, isolations }) {
  /** @type {Row[]} */
  const rows = [];
  for (const isolation of isolations) {
    const cold = summarise(`the same program in a cold interpreter, ${isolation}`, await coldRuns(isolation, Math.min(calls, 5)));
    const { samples, misses } = await warmRuns(isolation, Math.min(calls, 8));
    const calling = summarise(`figure from a frame, data profile, ${isolation}`, samples);
    const toCold = compare(calling, cold, 'a cold interpreter');
    const goal = /** @type {const} */ ({ what: 'a figure, of a cold interpreter', unit: 'times', bound: 'at most', limit: GOAL_OF_COLD });
    rows.push({
      ...calling,
      series: 'warm-call',
      language: 'python',
      isolation,
      misses,
      comparisons: [toCold],
      goals: isolation === 'gvisor' ? [{ ...goal, value: toCold.ratio }] : [],
    });
    rows.push({ ...cold, series: 'cold-interpreter', language: 'python', isolation });
  }
  return rows;
}

/**
 * @param {Isolation} isolation
 * @param {number} calls
 */
async function coldRuns(isolation, calls) {
  const container = await startExecContainer({ language: 'python', profile: 'data', isolation });
  try {
    // The first start fills the caches of files and of fonts.
    await container.run(['python3', '-c', SAVED]);
    const samples = [];
    for (let index = 0; index < calls; index += 1) samples.push(await timed(() => container.run(['python3', '-c', SAVED])));
    return samples;
  } finally {
    await container.remove();
  }
}

/**
 * @param {Isolation} isolation
 * @param {number} calls
 */
async function warmRuns(isolation, calls) {
  const pool = await openWarmPool({ language: 'python', isolation, size: 1, profile: 'data' });
  try {
    const samples = [];
    let misses = 0;
    for (let index = 0; index < calls; index += 1) {
      const { tookMs, isWarm } = await oneCall(pool);
      if (isWarm) samples.push(tookMs);
      else misses += 1;
      await pool.refill(1);
    }
    return { samples, misses };
  } finally {
    await pool.close();
  }
}

/** @param {WarmPool} pool */
async function oneCall(pool) {
  const began = performance.now();
  const sandbox = await pool.provider.createSandbox({ language: 'python' });
  try {
    const result = await sandbox.execute({ code: PROGRAM });
    const tookMs = performance.now() - began;
    if (result.status !== 'completed') throw new Error(`unexpected result: ${result.status} ${result.stderr}`);
    if (!result.artifacts.files.some(({ mediaType }) => mediaType === 'image/png')) throw new Error('the figure is not in the result');
    return { tookMs, isWarm: pool.isWarm(result.clock.queueMs + result.clock.claimMs) };
  } finally {
    await sandbox.destroy();
  }
}
