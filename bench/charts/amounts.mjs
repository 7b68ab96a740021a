// @ts-check

/**
 * A figure with three digits at most, as people read it: `0.84 ms`, `12.3 ms`, `1,240 ms`.
 *
 * @param {number} value
 * @param {string} unit `ms`, `times`, `per second`
 */
export function amount(value, unit) {
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
