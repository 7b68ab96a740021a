// @ts-check

/** @import { Summary } from './samples.mjs' */
/** @import { Isolation, Language } from './runtimes.mjs' */

/**
 * The medians of two things that one run measured.
 *
 * @typedef {object} Comparison
 * @property {string} with the other thing, in words
 * @property {number} ratio p50 of this one, divided by that of the other
 */

/**
 * What a figure should be.
 *
 * @typedef {object} Goal
 * @property {string} what the figure, in words
 * @property {'ms' | 'times' | 'per second'} unit
 * @property {'at most' | 'at least'} bound
 * @property {number} limit
 * @property {number} value what it was
 */

/**
 * What was measured, where: charts and tables find a row by these.
 *
 * @typedef {object} Subject
 * @property {string} series the kind of thing; unique within a benchmark together with the rest
 * @property {Language} [language]
 * @property {Isolation | 'wasm'} [isolation]
 * @property {number} [atATime] calls that were under way at the same time
 */

/**
 * A line of the report.
 *
 * @typedef {object} Findings
 * @property {readonly Comparison[]} [comparisons]
 * @property {readonly Goal[]} [goals]
 * @property {number} [misses] calls that met nothing warm and are left out
 * @property {Readonly<Record<string, number>>} [facts] for programs
 * @property {string} [note] for people, what the rest does not say
 */

/** @typedef {Summary & Subject & Findings} Row */

/** @param {Goal} goal */
export function isMet({ bound, limit, value }) {
  return bound === 'at most' ? value <= limit : value >= limit;
}

/** @param {Summary} own @param {Summary} other @param {string} name of the other @returns {Comparison} */
export function compare(own, other, name) {
  return { with: name, ratio: own.p50Ms / other.p50Ms };
}

/**
 * @param {string} benchmark
 * @param {readonly Row[]} rows
 * @returns {string}
 */
export function renderRows(benchmark, rows) {
  const width = Math.max(...rows.map((row) => row.what.length));
  const lines = rows.map((row) => {
    const times = [`p50 ${inMs(row.p50Ms)}`, `p95 ${inMs(row.p95Ms)}`, `p99 ${inMs(row.p99Ms)}`].join('  ');
    const remarks = remarksOf(row);
    return `  ${row.what.padEnd(width)}  ${times}  (${row.count})${remarks === '' ? '' : `  ${remarks}`}\n`;
  });
  return `${benchmark}\n${lines.join('')}`;
}

/** @param {Findings} findings */
function remarksOf({ comparisons = [], goals = [], misses = 0, note }) {
  return [
    ...comparisons.map((each) => `${each.ratio.toFixed(2)} of ${each.with}`),
    ...goals.map(
      (goal) =>
        `${goal.what} ${amount(goal, goal.value)}, goal ${goal.bound} ${amount(goal, goal.limit)}: ${isMet(goal) ? 'met' : 'missed'}`,
    ),
    ...(misses === 0 ? [] : [`${misses} calls were not warm and are left out`]),
    ...(note === undefined ? [] : [note]),
  ].join('; ');
}

/** @param {Goal} goal @param {number} value */
function amount({ unit }, value) {
  return `${Number(value.toPrecision(3))} ${unit}`;
}

/** @param {number} milliseconds */
function inMs(milliseconds) {
  return `${milliseconds.toFixed(milliseconds < 1 ? 4 : 1).padStart(8)} ms`;
}
