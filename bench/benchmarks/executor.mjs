// @ts-check
import { performance } from 'node:perf_hooks';
import { openExecutor } from '../measure/executor-process.mjs';
import { compare } from '../measure/report.mjs';
import { LANGUAGES } from '../measure/runtimes.mjs';
import { summarise } from '../measure/samples.mjs';
import { openWarmPool } from '../measure/warm-pool.mjs';

/** @import { SandboxProvider } from '@sandport/core' */
/** @import { Row } from '../measure/report.mjs' */
/** @import { Isolation, Language } from '../measure/runtimes.mjs' */

/** Under gVisor. */
const GOAL_OF_DIRECT = 1.3;

/**
 * One warm call at a time over HTTP, through an executor of its own process, beside the same call on the same provider in this process. They take turns, so that both meet the same machine.
 *
 * @param {{ calls: number, isolations: readonly Isolation[], languages: readonly Language[] }} options
 * @returns {Promise<Row[]>}
 */
export async function measureExecutor({ calls, isolations, languages }) {
  /** @type {Row[]} */
  const rows = [];
  for (const language of languages) {
    for (const isolation of isolations) {
      const { here, there, misses } = await takeTurns(language, isolation, calls);
      const direct = summarise(`docker in process, ${language}, ${isolation}`, here);
      const served = summarise(`self_managed over HTTP, ${language}, ${isolation}`, there);
      const toDirect = compare(served, direct, 'docker in process');
      const goal = /** @type {const} */ ({
        what: 'over HTTP, of docker in process',
        unit: 'times',
        bound: 'at most',
        limit: GOAL_OF_DIRECT,
      });
      rows.push({ ...direct, series: 'in-process', language, isolation });
      rows.push({
        ...served,
        series: 'over-http',
        language,
        isolation,
        misses,
        comparisons: [toDirect],
        goals: isolation === 'gvisor' ? [{ ...goal, value: toDirect.ratio }] : [],
      });
    }
  }
  return rows;
}

/** @param {Language} language @param {Isolation} isolation @param {number} calls */
async function takeTurns(language, isolation, calls) {
  const pool = await openWarmPool({ language, isolation, size: 1 });
  try {
    const executor = await openExecutor({ isolation, warmContainers: 1, maxIdleContainers: 1, maxContainers: 4 });
    try {
      const here = [];
      const there = [];
      // Its pool learns of the language by the first call.
      await callOnce(executor.provider, language);
      for (let index = 0; index < calls; index += 1) {
        // The one of the two that has just served makes a container, which the other must not be measured beside.
        await pool.refill(1);
        const direct = await callOnce(pool.provider, language);
        if (pool.isWarm(direct.claimMs)) here.push(direct.tookMs);
        await pool.refill(1);
        const served = await callOnce(executor.provider, language);
        if (pool.isWarm(served.claimMs)) there.push(served.tookMs);
      }
      return { here, there, misses: calls * 2 - here.length - there.length };
    } finally {
      await executor.close();
    }
  } finally {
    await pool.close();
  }
}

/** @param {SandboxProvider} provider @param {Language} language */
async function callOnce(provider, language) {
  const began = performance.now();
  const sandbox = await provider.createSandbox({ language });
  const result = await sandbox.execute({ language, code: LANGUAGES[language].code });
  const tookMs = performance.now() - began;
  if (result.status !== 'completed' || result.value !== 1) throw new Error(`unexpected result: ${JSON.stringify(result)}`);
  // The caller has its answer; the sandbox's end is not part of the call.
  await sandbox.destroy();
  return { tookMs, claimMs: result.clock.queueMs + result.clock.claimMs };
}
