// @ts-check
import { watchMemory } from './own-process.mjs';
import { settleCall } from './settle-call.mjs';

/** @import { Report, Surroundings } from './scenario.mjs' */
/** @import { Outcome } from './settle-call.mjs' */

const MEBIBYTE = 1024 * 1024;
const SETTLE_MS = 15_000;
const MOST_GROWTH_MIB = 64;

/**
 * A program that writes much more than it may.
 *
 * @param {Surroundings} surroundings
 * @param {{ megabytes: number }} options
 * @returns {Promise<Report>}
 */
export async function floodOutput({ isolation, dockerHost, open }, { megabytes }) {
  const provider = open({ isolation, dockerHost });
  const code = `import sys\nblock = "x" * 999_999 + "\\n"\nfor _ in range(${megabytes}):\n    sys.stdout.write(block)\n`;
  /** @type {string[]} */
  const problems = [];
  /** @type {Outcome | undefined} */
  let outcome;
  try {
    await settleCall(provider, { code: 'print(1)\n' });
    const memory = await watchMemory(async () => {
      outcome = await settleCall(provider, { code, limits: { outputBytes: MEBIBYTE, timeoutMs: 60_000 } });
    });
    const [status, length] = outcome?.kind === 'result' ? [outcome.status, outcome.stdout.length] : [outcome?.kind, 0];
    const settledMs = Math.round(outcome?.elapsedMs ?? Number.NaN);
    if (status !== 'output-limit-exceeded') problems.push(`it ended as ${status}`);
    if (length !== MEBIBYTE) problems.push(`${length} bytes arrived`);
    if (!(settledMs <= SETTLE_MS)) problems.push(`it took ${settledMs} ms`);
    if (memory.growthMib > MOST_GROWTH_MIB) problems.push(`memory grew by ${memory.growthMib} MiB`);
    return { figures: { megabytes, status, bytesKept: length, settledMs, memory }, problems };
  } finally {
    await provider.close();
  }
}

/**
 * A program that writes many small lines, each flushed on its own.
 *
 * @param {Surroundings} surroundings
 * @param {{ lines: number }} options
 * @returns {Promise<Report>}
 */
export async function writeLines({ isolation, dockerHost, open }, { lines }) {
  const provider = open({ isolation, dockerHost });
  const code = `for number in range(${lines}):\n    print("line", number, flush=True)\n`;
  const expected = Array.from({ length: lines }, (_, number) => `line ${number}\n`).join('');
  let heard = '';
  let pieces = 0;
  try {
    /** @type {Outcome | undefined} */
    let outcome;
    const memory = await watchMemory(async () => {
      outcome = await settleCall(provider, {
        code,
        limits: { outputBytes: 8 * MEBIBYTE, timeoutMs: 120_000 },
        onOutput: ({ text }) => {
          heard += text;
          pieces += 1;
        },
      });
    });
    /** @type {string[]} */
    const problems = [];
    if (outcome?.kind !== 'result' || outcome.status !== 'completed') problems.push(`it ended as ${JSON.stringify(outcome).slice(0, 200)}`);
    else if (outcome.stdout !== expected) problems.push('the result has other output');
    if (heard !== expected) problems.push(`the callback heard ${heard.split('\n').length - 1} lines, or in another order`);
    return {
      figures: { lines, pieces, bytes: expected.length, settledMs: Math.round(outcome?.elapsedMs ?? Number.NaN), memory },
      problems,
    };
  } finally {
    await provider.close();
  }
}
