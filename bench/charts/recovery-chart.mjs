// @ts-check
import { ISOLATION_NAMES } from './amounts.mjs';
import { drawRowChart } from './row-chart.mjs';

/** What is promised: calls are answered and the pool has its size within this time. */
const PROMISED_MS = 5_000;

const FAULTS = /** @type {const} */ ([
  ['socket-cut', 'fullAgainMs', 'socket cut: pool full again'],
  ['socket-stalled', 'answeredAgainMs', 'socket stalled: answered again'],
  ['containers-removed', 'fullAgainMs', 'containers removed: pool full again'],
  ['engine-killed', 'fullAgainMs', 'engine killed: pool full again'],
]);

/**
 * @typedef {object} FaultReport
 * @property {string} scenario
 * @property {string} isolation
 * @property {Readonly<Record<string, unknown>>} figures
 */

/**
 * How long it takes after a fault until all is well, beside what is promised.
 *
 * @param {{ reports: readonly FaultReport[] }} soak
 * @param {string} name
 */
export function drawRecovery({ reports }, name) {
  const sections = /** @type {const} */ (['runc', 'gvisor']).map((isolation) => ({
    heading: ISOLATION_NAMES[isolation],
    rows: FAULTS.flatMap(([scenario, field, label]) => {
      const report = reports.find((each) => each.scenario === scenario && each.isolation === isolation);
      const times = /** @type {{ p50: number, max: number } | undefined} */ (report?.figures[field]);
      if (times === undefined) return [];
      return [{ label, value: times.p50, upper: times.max, tone: /** @type {const} */ ('first'), goal: PROMISED_MS }];
    }),
  }));
  return drawRowChart({
    name,
    title: 'After a fault, until all is well again',
    subtitle: 'Milliseconds from the end of the fault, while calls go on. Less is better.',
    unit: 'ms',
    upperName: 'at most',
    scale: 'linear',
    sections,
    legend: [
      { sign: 'bar', tone: 'first', words: 'p50' },
      { sign: 'whisker', words: 'to the longest' },
      { sign: 'goal', words: 'promised: 5 s at most' },
    ],
  });
}
