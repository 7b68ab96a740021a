// @ts-check
/** @import { SandboxProvider } from '@sandport/core' */

/**
 * What a scenario is given.
 *
 * @typedef {object} Surroundings
 * @property {'gvisor' | 'runc'} isolation
 * @property {string} dockerHost
 * @property {(config: object) => SandboxProvider} open makes a provider; the scenario closes it
 * @property {(line: string) => void} log
 */

/**
 * What a scenario saw.
 *
 * @typedef {object} Report
 * @property {Record<string, unknown>} figures
 * @property {string[]} problems what broke a promise; none, as a rule
 */

/** How long the pool may take until it has its size again. */
export const RECOVERY_MS = 5_000;

/**
 * Numbers in a few words.
 *
 * @param {readonly number[]} values
 */
export function spread(values) {
  const sorted = values.toSorted((a, b) => a - b);
  /** @param {number} share */
  const at = (share) => Math.round((sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN) * 10) / 10;
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), max: at(1) };
}

/**
 * A Python program that says that it has started, waits, and returns its id.
 *
 * @param {string} id
 * @param {number} seconds
 */
export function sleeper(id, seconds) {
  return `import time\nprint("started ${id}", flush=True)\ndef main():\n    time.sleep(${seconds})\n    return "${id}"\n`;
}
