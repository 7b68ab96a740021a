// @ts-check
import { amount, ISOLATION_NAMES, LANGUAGE_NAMES } from './amounts.mjs';
import { findRow, goalOf } from './find-rows.mjs';
import { drawLineChart } from './line-chart.mjs';
import { drawRowChart } from './row-chart.mjs';

/** @import { Figures, FigureRow } from '../figures/figures-document.mjs' */
/** @import { Tone } from './palette.mjs' */
/** @import { ChartRow } from './row-chart.mjs' */

const LANGUAGES = /** @type {const} */ (['python', 'javascript']);
const ISOLATIONS = /** @type {const} */ (['runc', 'gvisor']);
const CONCURRENCIES = [1, 4, 16];

/** A row's median and 95th percentile; none where it was not measured. @param {FigureRow | undefined} row @param {string} label @param {Tone} tone @param {number} [goal] @returns {ChartRow[]} */
export function spread(row, label, tone, goal) {
  if (row === undefined) return [];
  return [{ label, value: row.p50Ms, upper: row.p95Ms, tone, ...(goal === undefined ? {} : { goal }) }];
}

/** @param {Figures} figures @param {string} name */
export function drawWarmCalls(figures, name) {
  const sections = LANGUAGES.map((language) => {
    const one = (/** @type {string} */ series, /** @type {'runc' | 'gvisor'} */ isolation) =>
      findRow(figures, { benchmark: 'warm-call', series, language, isolation });
    const bare = findRow(figures, { benchmark: 'warm-call', series: 'bare-start', language });
    const goal = bare?.p50Ms;
    return {
      heading: LANGUAGE_NAMES[language],
      rows: [
        ...spread(findRow(figures, { benchmark: 'embedded', series: 'warm-call', language }), 'warm call, embedded', 'third', goal),
        ...ISOLATIONS.flatMap((isolation) =>
          spread(one('warm-call', isolation), `warm call, Docker, ${ISOLATION_NAMES[isolation]}`, 'first', goal),
        ),
        ...spread(bare, 'bare start of the interpreter', 'other'),
        ...ISOLATIONS.flatMap((isolation) =>
          spread(one('cold-call', isolation), `cold call, Docker, ${ISOLATION_NAMES[isolation]}`, 'second'),
        ),
        ...ISOLATIONS.flatMap((isolation) =>
          spread(one('four-execs', isolation), `four docker exec, ${ISOLATION_NAMES[isolation]}`, 'other'),
        ),
      ],
    };
  });
  return drawRowChart({
    name,
    title: 'A call to a trivial main, one at a time',
    subtitle: 'Milliseconds on a logarithmic scale: each line is ten times the one before. Less is better.',
    unit: 'ms',
    scale: 'logarithmic',
    sections,
    legend: [
      { sign: 'dot', tone: 'third', words: 'embedded' },
      { sign: 'dot', tone: 'first', words: 'warm' },
      { sign: 'dot', tone: 'second', words: 'container made for it' },
      { sign: 'dot', tone: 'other', words: 'without Sandport' },
      { sign: 'whisker', words: 'p50 to p95' },
      { sign: 'goal', words: 'goal: below a bare start' },
    ],
  });
}

/** @param {Figures} figures @param {string} name */
export function drawConcurrency(figures, name) {
  const panels = LANGUAGES.map((language) => ({
    heading: LANGUAGE_NAMES[language],
    curves: ISOLATIONS.flatMap((isolation, index) =>
      ['warm-call', 'engine-exec'].flatMap((series) => {
        const points = CONCURRENCIES.flatMap((atATime) => {
          const row = findRow(figures, { benchmark: 'concurrency', series, language, isolation, atATime });
          return row === undefined ? [] : [{ at: atATime, valueMs: row.p50Ms }];
        });
        const label = `${series === 'warm-call' ? 'warm call' : 'exec'}, ${ISOLATION_NAMES[isolation]}`;
        const tone = /** @type {Tone} */ (index === 0 ? 'second' : 'first');
        return points.length === 0 ? [] : [{ label, tone, isDashed: series === 'engine-exec', points }];
      }),
    ),
  })).filter(({ curves }) => curves.length > 0);
  return drawLineChart({
    name,
    title: 'Calls at the same time, each in a sandbox of its own',
    subtitle:
      'Median milliseconds of one call on a logarithmic scale, beside bare interpreters that the engine starts by exec. Less is better.',
    axis: 'calls at a time',
    panels,
    legend: [
      { sign: 'curve', tone: 'first', words: 'warm call, gVisor' },
      { sign: 'dashed', tone: 'first', words: 'exec, gVisor' },
      { sign: 'curve', tone: 'second', words: 'warm call, runc' },
      { sign: 'dashed', tone: 'second', words: 'exec, runc' },
    ],
  });
}

/** @param {Figures} figures @param {string} name */
export function drawHandOut(figures, name) {
  const percentiles = /** @type {const} */ ([
    ['p50', 'p50Ms'],
    ['p95', 'p95Ms'],
    ['p99', 'p99Ms'],
  ]);
  const sections = ISOLATIONS.flatMap((isolation) => {
    const row = findRow(figures, { benchmark: 'hand-out', series: 'hand-out', isolation });
    if (row === undefined) return [];
    const limit = goalOf(row, 'ms')?.limit;
    const madeMs = row.facts?.['createMs'];
    const beside = madeMs === undefined ? '' : `; making one takes ${amount(madeMs, 'ms')}`;
    return [
      {
        heading: `${ISOLATION_NAMES[isolation]}, ${row.count} claims${beside}`,
        rows: percentiles.map(([label, field]) => ({
          label,
          value: row[field],
          tone: /** @type {const} */ ('first'),
          ...(field === 'p99Ms' && limit !== undefined ? { goal: limit } : {}),
        })),
      },
    ];
  });
  return drawRowChart({
    name,
    title: 'From asking for a sandbox to having it, when one is ready',
    subtitle: 'Milliseconds. Less is better.',
    unit: 'ms',
    scale: 'linear',
    sections,
    legend: [
      { sign: 'bar', tone: 'first', words: 'hand-out from the pool' },
      { sign: 'goal', words: 'goal: p99 at most this' },
    ],
  });
}
