// @ts-check
import { performance } from 'node:perf_hooks';
import { startExecContainer } from '../measure/exec-container.mjs';
import { compare } from '../measure/report.mjs';
import { LANGUAGES } from '../measure/runtimes.mjs';
import { summarise, timed } from '../measure/samples.mjs';
import { endAll, openWarmPool } from '../measure/warm-pool.mjs';

/** @import { Isolation, Language } from '../measure/runtimes.mjs' */
/** @import { Row } from '../measure/report.mjs' */
/** @import { WarmPool } from '../measure/warm-pool.mjs' */

const CONCURRENCIES = [1, 4, 16];

/**
 * Warm calls at the same time, each in a sandbox of its own, beside bare starts of the interpreter by the engine's `exec`, all in one running container.
 *
 * @param {{ calls: number, isolations: readonly Isolation[], languages: readonly Language[] }} options
 * @returns {Promise<Row[]>}
 */
export async function measureConcurrency({ calls, isolations, languages }) {
  /** @type {Row[]} */
  const rows = [];
  for (const isolation of isolations) {
    for (const language of languages) {
      for (const concurrency of CONCURRENCIES) {
        // One at a time is what `warm-call` measures with more of them.
        const rounds = Math.max(2, Math.ceil(calls / Math.max(2, concurrency)));
        const execs = await execsAtOnce({ language, isolation, concurrency, rounds });
        const { samples, misses } = await warmCallsAtOnce({ language, isolation, concurrency, rounds });
        const calling = summarise(`warm call, ${language}, ${isolation}, ${concurrency} at a time`, samples);
        const bare = summarise(`exec of ${LANGUAGES[language].bare.join(' ')}, ${isolation}, ${concurrency} at a time`, execs);
        const load = { language, isolation, atATime: concurrency };
        rows.push({ ...calling, series: 'warm-call', ...load, misses, comparisons: [compare(calling, bare, "the engine's own exec")] });
        rows.push({ ...bare, series: 'engine-exec', ...load });
      }
    }
  }
  return rows;
}

/** @typedef {{ language: Language, isolation: Isolation, concurrency: number, rounds: number }} Load */

/** @param {Load} load */
async function execsAtOnce({ language, isolation, concurrency, rounds }) {
  const container = await startExecContainer({ language, profile: 'minimal', isolation });
  try {
    const { bare } = LANGUAGES[language];
    await container.run(bare);
    const samples = [];
    for (let round = 0; round < rounds; round += 1) {
      samples.push(...(await Promise.all(Array.from({ length: concurrency }, () => timed(() => container.run(bare))))));
    }
    return samples;
  } finally {
    await container.remove();
  }
}

/** @param {Load} load */
async function warmCallsAtOnce({ language, isolation, concurrency, rounds }) {
  const pool = await openWarmPool({ language, isolation, size: concurrency });
  try {
    const samples = [];
    let misses = 0;
    for (let round = 0; round < rounds; round += 1) {
      const calls = await Promise.all(Array.from({ length: concurrency }, () => oneCall(pool, language)));
      await endAll(calls.map((call) => call.sandbox));
      for (const { tookMs, isWarm } of calls) {
        if (isWarm) samples.push(tookMs);
        else misses += 1;
      }
      await pool.refill(concurrency);
    }
    return { samples, misses };
  } finally {
    await pool.close();
  }
}

/**
 * The caller has its answer when `execute` resolves; the end of the container is not part of the call.
 *
 * @param {WarmPool} pool
 * @param {Language} language
 */
async function oneCall(pool, language) {
  const began = performance.now();
  const sandbox = await pool.provider.createSandbox({ language });
  const result = await sandbox.execute({ language, code: LANGUAGES[language].code });
  const tookMs = performance.now() - began;
  if (result.status !== 'completed' || result.value !== 1) throw new Error(`unexpected result: ${JSON.stringify(result)}`);
  return { tookMs, sandbox, isWarm: pool.isWarm(result.clock.queueMs + result.clock.claimMs) };
}
