// @ts-check

/** @import { OverloadReport } from './overload.mjs' */
/** @import { KillReport } from './kills.mjs' */

/** @param {OverloadReport} report @returns {string} lines for people */
export function describeOverload({ callers, tally, readyMs, unreadyLooks, before, after, containersLeft }) {
  const { answered, refused, withdrawn, wrong, answeredMs, refusedMs } = tally;
  return [
    `overload by ${callers} callers: ${answered} answered, ${refused} refused, ${withdrawn} withdrawn, ${wrong.length} otherwise; ready after ${inMs(readyMs)}, ${unreadyLooks} looks found it not ready`,
    `  answers   ${spread(answeredMs)}`,
    `  refusals  ${spread(refusedMs)}`,
    `  sockets ${before.sockets} → ${after.sockets}, heap ${inMib(before.heapBytes)} → ${inMib(after.heapBytes)}, resident ${inMib(before.residentBytes)} → ${inMib(after.residentBytes)}, containers left ${containersLeft}`,
  ].join('\n');
}

/** @param {readonly KillReport[]} reports @returns {string} lines for people */
export function describeKills(reports) {
  const sum = (/** @type {keyof KillReport} */ name) => reports.reduce((total, report) => total + report[name], 0);
  return [
    `${reports.length} kills: ${sum('answered')} calls answered before, ${sum('containers')} containers at the moment of the kill, ${sum('left')} left`,
    `  ready     ${spread(reports.map(({ readyMs }) => readyMs))}`,
    `  all gone  ${spread(reports.map(({ goneMs }) => goneMs))} after the next one was ready`,
  ].join('\n');
}

/** @param {readonly number[]} samples */
function spread(samples) {
  const sorted = samples.toSorted((left, right) => left - right);
  const at = (/** @type {number} */ share) => inMs(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN);
  return `p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, most ${at(1)}`;
}

/** @param {number} milliseconds */
function inMs(milliseconds) {
  return `${milliseconds.toFixed(0)} ms`;
}

/** @param {number} bytes */
function inMib(bytes) {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
