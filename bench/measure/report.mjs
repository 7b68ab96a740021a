// @ts-check

/** @import { Summary } from './samples.mjs' */

/**
 * A line of the report: what was measured, facts for programs, and a remark for people.
 *
 * @typedef {Summary & { facts?: Readonly<Record<string, number>>, note?: string }} Row
 */

/**
 * @param {string} benchmark
 * @param {readonly Row[]} rows
 * @returns {string}
 */
export function renderRows(benchmark, rows) {
  const width = Math.max(...rows.map((row) => row.what.length));
  const lines = rows.map(({ what, count, p50Ms, p95Ms, p99Ms, note }) => {
    const times = [`p50 ${inMs(p50Ms)}`, `p95 ${inMs(p95Ms)}`, `p99 ${inMs(p99Ms)}`].join('  ');
    return `  ${what.padEnd(width)}  ${times}  (${count})${note === undefined ? '' : `  ${note}`}\n`;
  });
  return `${benchmark}\n${lines.join('')}`;
}

/** @param {number} milliseconds */
function inMs(milliseconds) {
  return `${milliseconds.toFixed(milliseconds < 1 ? 4 : 1).padStart(8)} ms`;
}
