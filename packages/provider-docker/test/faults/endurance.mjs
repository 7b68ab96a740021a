// @ts-check
import { SandboxError } from '@sandport/core';
import { setTimeout as delay } from 'node:timers/promises';
import { takeHoldings } from './own-process.mjs';
import { spread } from './scenario.mjs';

/** @import { Sandbox, SandboxProvider } from '@sandport/core' */
/** @import { Report, Surroundings } from './scenario.mjs' */

/** What calls leave must go within this time: connections that are kept alive a little, for example. */
const SETTLE_MS = 6_000;
const MOST_MORE_FILES = 8;
const MOST_MORE_HEAP_MIB = 24;

/**
 * Makes many calls and compares what this process holds before and after. Some calls come before, to warm up: code is compiled, pools grow.
 *
 * @param {Surroundings} surroundings
 * @param {{ calls: number, atATime: number, callsPerSandbox: number, warmUpCalls: number, settleMs?: number }} options
 * @returns {Promise<Report>}
 */
export async function makeManyCalls(
  { isolation, dockerHost, open, log },
  { calls, atATime, callsPerSandbox, warmUpCalls, settleMs = SETTLE_MS },
) {
  const provider = open({ isolation, dockerHost, maxContainers: 8, maxQueueLength: 128, queueTimeoutMs: 120_000 });
  /** @type {string[]} */
  const problems = [];
  /** @type {number[]} */
  const times = [];
  try {
    await makeCalls(provider, { calls: warmUpCalls, atATime, callsPerSandbox, times: [], problems });
    await delay(settleMs);
    const before = await takeHoldings();
    log(`many calls, ${isolation}: warmed up, ${JSON.stringify(before)}`);
    const startedAt = performance.now();
    await makeCalls(provider, {
      calls,
      atATime,
      callsPerSandbox,
      times,
      problems,
      onProgress: (made) =>
        log(`many calls, ${isolation}: ${made} of ${calls}, ${Math.round(process.memoryUsage.rss() / 1024 / 1024)} MiB`),
    });
    const seconds = (performance.now() - startedAt) / 1_000;
    await delay(settleMs);
    const after = await takeHoldings();
    if (after.openFiles > before.openFiles + MOST_MORE_FILES)
      problems.push(`open files grew from ${before.openFiles} to ${after.openFiles}`);
    if (after.heapMib > before.heapMib + MOST_MORE_HEAP_MIB) problems.push(`the heap grew from ${before.heapMib} to ${after.heapMib} MiB`);
    return {
      figures: {
        calls,
        atATime,
        callsPerSandbox,
        perSecond: Math.round((calls / seconds) * 10) / 10,
        callMs: spread(times),
        before,
        after,
      },
      problems,
    };
  } finally {
    await provider.close();
  }
}

/**
 * @param {SandboxProvider} provider
 * @param {object} options
 * @param {number} options.calls
 * @param {number} options.atATime
 * @param {number} options.callsPerSandbox
 * @param {number[]} options.times
 * @param {string[]} options.problems
 * @param {(made: number) => void} [options.onProgress]
 */
async function makeCalls(provider, { calls, atATime, callsPerSandbox, times, problems, onProgress }) {
  let begun = 0;
  let made = 0;
  const worker = async () => {
    while (begun < calls) {
      const sandbox = await provider.createSandbox({ language: 'python' });
      try {
        for (let use = 0; use < callsPerSandbox && begun < calls; use += 1) {
          begun += 1;
          const problem = await makeCall(sandbox, begun, times);
          if (problem !== undefined) problems.push(problem);
          made += 1;
          if (made % Math.max(50, Math.round(calls / 20)) === 0) onProgress?.(made);
        }
      } finally {
        await sandbox.destroy();
      }
    }
  };
  await Promise.all(
    Array.from({ length: atATime }, () =>
      worker().catch((/** @type {unknown} */ error) => {
        problems.push(`a call was not answered: ${SandboxError.isInstance(error) ? `${error.code}, ${error.message}` : String(error)}`);
      }),
    ),
  );
}

/**
 * @param {Sandbox} sandbox
 * @param {number} number
 * @param {number[]} times
 * @returns {Promise<string | undefined>} what was wrong with the answer
 */
async function makeCall(sandbox, number, times) {
  const startedAt = performance.now();
  const result = await sandbox.execute({ code: 'def main(number):\n    print(number)\n    return number\n', arguments: { number } });
  times.push(performance.now() - startedAt);
  const isRight = result.status === 'completed' && result.value === number && result.stdout === `${number}\n`;
  return isRight ? undefined : `call ${number} ended as ${result.status}`;
}
