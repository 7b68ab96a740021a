// @ts-check
import { timeUntilUsable } from './measure-view.mjs';

/** @import { Browser } from 'playwright-core' */
/** @import { View } from './measure-view.mjs' */

const goal = 1.5;

/**
 * Measures two views by turns, so that whatever else the machine does meets both.
 *
 * @param {{ browser: Browser, view: View, empty: View, runs: number }} options
 * @returns {Promise<string[]>} lines for a reader
 */
export async function compareTimes({ browser, view, empty, runs }) {
  const lines = [];
  for (const [visitor, isKnown] of /** @type {const} */ ([
    ['never here before', false],
    ['here before', true],
  ])) {
    // What is done for the first time takes longer, whatever it is.
    for (const each of [view, empty]) await timeUntilUsable(browser, each, { isKnown });
    /** @type {Record<'view' | 'empty', number[]>} */
    const times = { view: [], empty: [] };
    for (let run = 0; run < runs; run += 1) {
      times.view.push(await timeUntilUsable(browser, view, { isKnown }));
      times.empty.push(await timeUntilUsable(browser, empty, { isKnown }));
    }
    lines.push(describeTimes(`${view.name}, ${visitor}`, { viewMs: median(times.view), emptyMs: median(times.empty) }));
  }
  return lines;
}

/**
 * @param {string} title which view, and who comes
 * @param {{ viewMs: number, emptyMs: number }} times
 */
export function describeTimes(title, { viewMs, emptyMs }) {
  const ratio = viewMs / emptyMs;
  const verdict = ratio > goal ? `above the goal of ${goal}` : `within the goal of ${goal}`;
  return `${title}: usable after ${viewMs.toFixed(0)} ms, an empty page after ${emptyMs.toFixed(0)} ms: ${ratio.toFixed(2)} times, ${verdict}`;
}

/**
 * @param {readonly number[]} values at least one
 * @returns {number}
 */
export function median(values) {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
