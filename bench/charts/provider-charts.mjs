// @ts-check
import { ISOLATION_NAMES, LANGUAGE_NAMES } from './amounts.mjs';
import { spread } from './call-charts.mjs';
import { findRow, goalAmong, goalOf } from './find-rows.mjs';
import { drawRowChart } from './row-chart.mjs';

/** @import { FigureGoal, Figures } from '../figures/figures-document.mjs' */
/** @import { LegendEntry } from './frame.mjs' */
/** @import { ChartRow } from './row-chart.mjs' */

const LANGUAGES = /** @type {const} */ (['python', 'javascript']);
const ISOLATIONS = /** @type {const} */ (['runc', 'gvisor']);

/** What the line of a goal means, where there is one. @param {FigureGoal | undefined} goal @param {(limit: number) => string} words @returns {LegendEntry[]} */
function goalEntry(goal, words) {
  return goal === undefined ? [] : [{ sign: 'goal', words: words(goal.limit) }];
}

/** @param {Figures} figures @param {string} name */
export function drawExecutor(figures, name) {
  const sections = LANGUAGES.map((language) => ({
    heading: LANGUAGE_NAMES[language],
    rows: ISOLATIONS.flatMap((isolation) => {
      const [direct, served] = ['in-process', 'over-http'].map((series) =>
        findRow(figures, { benchmark: 'executor', series, language, isolation }),
      );
      const goal = goalOf(served, 'times')?.limit;
      return [
        ...spread(direct, `Docker in process, ${ISOLATION_NAMES[isolation]}`, 'other'),
        ...spread(
          served,
          `executor over HTTP, ${ISOLATION_NAMES[isolation]}`,
          'first',
          goal === undefined ? goal : goal * (direct?.p50Ms ?? 0),
        ),
      ];
    }),
  }));
  return drawRowChart({
    name,
    title: 'A warm call through an executor, beside Docker in this process',
    subtitle: 'Milliseconds; the two took turns. Less is better.',
    unit: 'ms',
    scale: 'linear',
    sections,
    legend: [
      { sign: 'bar', tone: 'first', words: 'self_managed, p50' },
      { sign: 'bar', tone: 'other', words: 'docker, p50' },
      { sign: 'whisker', words: 'p50 to p95' },
      ...goalEntry(goalAmong(figures, 'executor', 'times'), (limit) => `goal under gVisor: ${limit} times the p50 of docker`),
    ],
  });
}

/** @param {Figures} figures @param {string} name */
export function drawEmbedded(figures, name) {
  const sections = LANGUAGES.map((language) => {
    const bare = findRow(figures, { benchmark: 'embedded', series: 'bare-start', language });
    const warm = findRow(figures, { benchmark: 'embedded', series: 'warm-call', language });
    const limit = goalOf(warm, 'times')?.limit;
    return {
      heading: LANGUAGE_NAMES[language],
      rows: [
        ...spread(warm, 'warm call, embedded', 'third', limit === undefined ? limit : limit * (bare?.p50Ms ?? 0)),
        ...spread(bare, 'bare start of the interpreter', 'other'),
      ],
    };
  });
  return drawRowChart({
    name,
    title: 'The embedded provider, one call at a time',
    subtitle: 'Milliseconds. Less is better.',
    unit: 'ms',
    scale: 'linear',
    sections,
    legend: [
      { sign: 'bar', tone: 'third', words: 'a warm call, p50' },
      { sign: 'bar', tone: 'other', words: 'without Sandport' },
      { sign: 'whisker', words: 'p50 to p95' },
      ...goalEntry(goalAmong(figures, 'embedded', 'times'), (limit) => `goal: ${limit} of a bare start`),
    ],
  });
}

/** @param {Figures} figures @param {string} name */
export function drawThroughput(figures, name) {
  const rows = LANGUAGES.flatMap((language) => {
    const goal = goalOf(findRow(figures, { benchmark: 'embedded', series: 'sustained', language }), 'per second');
    if (goal === undefined) return [];
    return [{ label: LANGUAGE_NAMES[language], value: goal.value, tone: /** @type {const} */ ('third'), goal: goal.limit }];
  });
  return drawRowChart({
    name,
    title: 'The embedded provider under two callers without a pause',
    subtitle: `Calls per second, each in a child process of its own, on ${figures.machine.cores} cores. More is better.`,
    unit: 'per second',
    scale: 'linear',
    sections: [{ heading: 'Calls per second', rows }],
    legend: [
      { sign: 'bar', tone: 'third', words: 'embedded' },
      { sign: 'goal', words: 'goal on two cores: this or more' },
    ],
  });
}

/** @param {Figures} figures @param {string} name */
export function drawFigure(figures, name) {
  const sections = ISOLATIONS.map((isolation) => {
    const [warm, cold] = ['warm-call', 'cold-interpreter'].map((series) => findRow(figures, { benchmark: 'figure', series, isolation }));
    const limit = goalOf(warm, 'times')?.limit;
    return {
      heading: ISOLATION_NAMES[isolation],
      rows: [
        ...spread(warm, 'call of the data profile', 'first', limit === undefined ? limit : limit * (cold?.p50Ms ?? 0)),
        ...spread(cold, 'the same in a cold interpreter', 'other'),
      ],
    };
  });
  return drawRowChart({
    name,
    title: 'Drawing a matplotlib figure from a pandas frame',
    subtitle: 'Milliseconds; the figure comes with the result. Less is better.',
    unit: 'ms',
    scale: 'linear',
    sections,
    legend: [
      { sign: 'bar', tone: 'first', words: 'warm call, p50' },
      { sign: 'bar', tone: 'other', words: 'cold interpreter, p50' },
      { sign: 'whisker', words: 'p50 to p95' },
      ...goalEntry(goalAmong(figures, 'figure', 'times'), (limit) => `goal under gVisor: ${limit} of a cold interpreter`),
    ],
  });
}

/** @param {Figures} figures @param {string} name */
export function drawLayers(figures, name) {
  const client = findRow(figures, { benchmark: 'client-cost', series: 'client' });
  const goal = goalOf(client, 'ms');
  const added = client?.facts?.['addedP99Ms'];
  const layers = /** @type {const} */ ([
    ['client-cost', 'direct', 'the provider, called directly', 'other'],
    ['client-cost', 'client', 'through client and settings', 'first'],
    ['agent-cost', 'code-tool', 'through a code tool', 'first'],
    ['agent-cost', 'mcp-stdio', 'through MCP over stdio', 'second'],
    ['agent-cost', 'mcp-http', 'through MCP over HTTP', 'second'],
  ]);
  const rows = layers.flatMap(([benchmark, series, label, tone]) => spread(findRow(figures, { benchmark, series }), label, tone));
  // A logarithmic scale has no place for nothing.
  const own =
    goal === undefined || added === undefined || added <= 0
      ? []
      : [/** @type {ChartRow} */ ({ label: 'at p99', value: added, tone: 'first', goal: goal.limit })];
  return drawRowChart({
    name,
    title: 'What the layers above a provider cost a call',
    subtitle: `The provider runs nothing. Milliseconds on a logarithmic scale. Less is better.`,
    unit: 'ms',
    scale: 'logarithmic',
    sections: [
      { heading: 'A call with arguments, its answer checked', rows },
      { heading: 'What of it the client adds', rows: own },
    ],
    legend: [
      { sign: 'dot', tone: 'first', words: 'in this process' },
      { sign: 'dot', tone: 'second', words: 'in a server' },
      { sign: 'whisker', words: 'p50 to p95' },
      { sign: 'goal', words: 'goal: the client adds at most this at p99' },
    ],
  });
}
