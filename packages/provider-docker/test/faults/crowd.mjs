// @ts-check
import { setTimeout as delay } from 'node:timers/promises';
import { sleeper, spread } from './scenario.mjs';
import { Ledger, settleCall, tally } from './settle-call.mjs';

/** @import { SandboxProvider } from '@sandport/core' */
/** @import { Report, Surroundings } from './scenario.mjs' */

const REFUSAL_MS = 50;

/**
 * Calls that come all at once to a pool of 8.
 *
 * @param {Surroundings} surroundings
 * @param {{ calls: number, maxWaitMs: number, judgesTimes: boolean }} options
 * @returns {Promise<Report>}
 */
export async function burst({ isolation, dockerHost, open }, { calls, maxWaitMs, judgesTimes }) {
  const ledger = new Ledger();
  const provider = open({ isolation, dockerHost, maxContainers: 8, warmContainers: 2 });
  /** @type {string[]} */
  const problems = [];
  try {
    for (let index = 0; index < 3; index += 1) await settleCall(provider, { code: sleeper(`first-${index}`, 0.2) });
    const outcomes = await Promise.all(
      Array.from({ length: calls }, (_, index) =>
        settleCall(
          provider,
          { code: sleeper(`burst-${index}`, 0.2), limits: { timeoutMs: 20_000 }, onOutput: ({ text }) => ledger.note(text) },
          { maxWaitMs },
        ),
      ),
    );
    const answered = outcomes.filter((each) => each.kind === 'result' && each.status === 'completed');
    const refusals = outcomes.flatMap((each) => (each.kind === 'error' && each.code === 'CAPACITY_EXHAUSTED' ? [each] : []));
    if (answered.length + refusals.length !== calls) problems.push(`of ${calls} calls: ${JSON.stringify(tally(outcomes))}`);
    if (refusals.some(({ retryAfterMs }) => retryAfterMs === undefined)) problems.push('a refusal names no time to retry');
    if (ledger.started !== answered.length) problems.push(`${ledger.started} programs started, ${answered.length} calls were answered`);
    for (const id of ledger.repeated) problems.push(`${id} ran more than once`);
    const late = refusals.filter(({ elapsedMs }) => elapsedMs > REFUSAL_MS);
    if (judgesTimes && late.length > 0) problems.push(`${late.length} of ${refusals.length} refusals came later than ${REFUSAL_MS} ms`);
    const refusalMs = spread(refusals.map(({ elapsedMs }) => elapsedMs));
    const retryAfterMs = spread(refusals.map((each) => each.retryAfterMs ?? Number.NaN));
    return {
      figures: { calls, maxWaitMs, answered: answered.length, refused: refusals.length, refusalMs, refusedLate: late.length, retryAfterMs },
      problems,
    };
  } finally {
    await provider.close();
  }
}

/**
 * One tenant alone, and then beside one that calls a hundred times as often.
 *
 * @param {Surroundings} surroundings
 * @param {{ calls: number, intervalMs: number, judgesTimes: boolean }} options
 * @returns {Promise<Report>}
 */
export async function twoTenants({ isolation, dockerHost, open, log }, { calls, intervalMs, judgesTimes }) {
  const provider = open({ isolation, dockerHost, maxContainers: 8, warmContainers: 2 });
  try {
    for (let index = 0; index < 4; index += 1) await waitOf(provider, 'quiet');
    const alone = await waitsOf(provider, calls, intervalMs);
    log(`two tenants, ${isolation}: alone ${JSON.stringify(spread(alone))} ms`);
    const crowd = startCrowd(provider, intervalMs / 100);
    await delay(2 * intervalMs);
    const beside = await waitsOf(provider, calls, intervalMs);
    const crowdOutcomes = await crowd.stop();
    const [aloneMs, besideMs] = [spread(alone), spread(beside)];
    const ratio = Math.round((besideMs.p95 / aloneMs.p95) * 100) / 100;
    const problems = judgesTimes && ratio > 2 ? [`the p95 wait grew ${ratio} times`] : [];
    if (beside.some((each) => Number.isNaN(each))) problems.push('a call of the quiet tenant was refused');
    return {
      figures: { calls, intervalMs, aloneMs, besideMs, ratio, crowdCalls: crowdOutcomes.length, crowd: tally(crowdOutcomes) },
      problems,
    };
  } finally {
    await provider.close();
  }
}

/**
 * @param {SandboxProvider} provider
 * @param {number} calls
 * @param {number} intervalMs
 * @returns {Promise<number[]>}
 */
async function waitsOf(provider, calls, intervalMs) {
  /** @type {Promise<number>[]} */
  const waits = [];
  for (let index = 0; index < calls; index += 1) {
    waits.push(waitOf(provider, 'quiet'));
    await delay(intervalMs);
  }
  return Promise.all(waits);
}

/**
 * @param {SandboxProvider} provider
 * @param {string} tenant
 * @returns {Promise<number>} how long a sandbox was waited for; NaN when there was none
 */
async function waitOf(provider, tenant) {
  const startedAt = performance.now();
  let waitMs = Number.NaN;
  await settleCall(
    provider,
    { code: 'def main():\n    return 1\n' },
    { tenant, onSandbox: () => (waitMs = performance.now() - startedAt) },
  );
  return waitMs;
}

/**
 * @param {SandboxProvider} provider
 * @param {number} intervalMs
 */
function startCrowd(provider, intervalMs) {
  /** @type {Promise<import('./settle-call.mjs').Outcome>[]} */
  const calls = [];
  const startedAt = performance.now();
  // Timers are coarser than the interval: each round makes up for the calls that are due.
  const timer = setInterval(() => {
    while (calls.length * intervalMs < performance.now() - startedAt) {
      calls.push(settleCall(provider, { code: 'def main():\n    return 1\n' }, { tenant: 'crowd', maxWaitMs: 2_000 }));
    }
  }, 10);
  return {
    stop: () => {
      clearInterval(timer);
      return Promise.all(calls);
    },
  };
}
