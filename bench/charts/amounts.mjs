// @ts-check

/** What is shorter is told in microseconds. */
const LEAST_MS = 0.1;

/**
 * A figure with three digits at most, as people read it: `84 µs`, `12.3 ms`, `1,240 ms`.
 *
 * @param {number} value
 * @param {string} unit `ms`, `times`, `per second`
 */
export function amount(value, unit) {
  if (unit === 'ms' && Math.abs(value) < LEAST_MS) return `${plain(value * 1_000)} µs`;
  return `${plain(value)}${unit === 'times' ? ' ×' : unit === 'per second' ? ' /s' : ` ${unit}`}`;
}

/** @param {number} value */
export function plain(value) {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(Math.abs(value) < 1 ? 2 : 3)));
}

/** Names as a reader knows them. */
export const LANGUAGE_NAMES = /** @type {const} */ ({ python: 'Python', javascript: 'JavaScript' });
export const ISOLATION_NAMES = /** @type {const} */ ({ runc: 'runc', gvisor: 'gVisor', wasm: 'WebAssembly' });
