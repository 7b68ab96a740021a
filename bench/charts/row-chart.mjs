// @ts-check
import { scaleLinear, scaleLog } from 'd3-scale';
import { amount, plain } from './amounts.mjs';
import { BODY_Y, frame, MARGIN, WIDTH } from './frame.mjs';
import { element, line, text } from './svg.mjs';

/** @import { LegendEntry } from './frame.mjs' */
/** @import { Tone } from './palette.mjs' */

/**
 * A figure in a row of its own.
 *
 * @typedef {object} ChartRow
 * @property {string} label
 * @property {number} value
 * @property {number} [upper] where its whisker ends
 * @property {Tone} tone
 * @property {number} [goal] drawn as a line through the row
 * @property {string} [remark] behind the value
 */

/** @typedef {{ heading: string, rows: readonly ChartRow[] }} ChartSection */

/**
 * @typedef {object} RowChart
 * @property {string} name
 * @property {string} title
 * @property {string} subtitle
 * @property {string} unit
 * @property {string} [upperName] what the end of a whisker is; `p95` if not said
 * @property {'linear' | 'logarithmic'} scale bars from zero, or dots: the length of a bar says nothing on a logarithmic scale
 * @property {readonly ChartSection[]} sections
 * @property {readonly LegendEntry[]} legend
 */

const LABEL_WIDTH = 262;
const VALUE_WIDTH = 120;
const ROW_HEIGHT = 24;
const HEADING_HEIGHT = 30;
const AXIS_HEIGHT = 40;
/** Of the texts' size. */
const DIGIT_WIDTH = 7.5;

/** @param {RowChart} chart @returns {string} an SVG document */
export function drawRowChart({ name, title, subtitle, unit, upperName = 'p95', scale, sections, legend }) {
  const drawn = sections.filter(({ rows }) => rows.length > 0);
  const rows = drawn.flatMap((section) => section.rows);
  const bottom = BODY_Y + drawn.length * HEADING_HEIGHT + rows.length * ROW_HEIGHT + 6;
  const { position, ticks } = scaleFor(rows, scale);
  const body = [
    ...ticks.flatMap((tick) => [
      line(position(tick), BODY_Y + 4, position(tick), bottom, 'grid'),
      text(position(tick), bottom + 18, plain(tick), { class: 'muted', 'text-anchor': 'middle' }),
    ]),
    line(MARGIN + LABEL_WIDTH, bottom, WIDTH - MARGIN, bottom, 'axis'),
    text(WIDTH - MARGIN, bottom + 18, axisName(unit), { class: 'muted', 'text-anchor': 'end' }),
  ];
  let y = BODY_Y;
  for (const section of drawn) {
    body.push(text(MARGIN, y + 21, section.heading, { class: 'heading' }));
    y += HEADING_HEIGHT;
    for (const row of section.rows) {
      body.push(...drawRow(row, { y: y + ROW_HEIGHT / 2, position, unit, scale }));
      y += ROW_HEIGHT;
    }
  }
  return frame({ name, title, subtitle, description: describe(drawn, unit, upperName), legend, height: bottom + AXIS_HEIGHT, body });
}

/**
 * @param {readonly ChartRow[]} rows
 * @param {RowChart['scale']} kind
 */
function scaleFor(rows, kind) {
  const values = rows.flatMap(({ value, upper = value, goal = value }) => [value, upper, goal]);
  const range = [MARGIN + LABEL_WIDTH, WIDTH - MARGIN - VALUE_WIDTH];
  const most = Math.max(...values, 0.1);
  if (kind === 'linear') {
    const linear = scaleLinear().domain([0, most]).nice(5).range(range);
    return { position: (/** @type {number} */ value) => linear(value), ticks: linear.ticks(5) };
  }
  const logarithmic = scaleLog()
    .domain([Math.min(...values, most), most])
    .nice()
    .range(range);
  const decades = logarithmic.ticks().filter((tick) => Number.isInteger(Math.round(Math.log10(tick) * 1e6) / 1e6));
  return { position: (/** @type {number} */ value) => logarithmic(value), ticks: decades };
}

/** @param {ChartRow} row @param {{ y: number, position: (value: number) => number, unit: string, scale: RowChart['scale'] }} place */
function drawRow({ label, value, upper = value, tone, goal, remark }, { y, position, unit, scale }) {
  const [start, at, end] = [MARGIN + LABEL_WIDTH, position(value), position(upper)];
  const mark =
    scale === 'linear'
      ? element('rect', { x: start, y: y - 7, width: Math.max(1, at - start), height: 14, class: `fill-${tone}` })
      : element('circle', { cx: at, cy: y, r: 5.5, class: `fill-${tone}` });
  const whisker =
    upper > value ? [line(at, y, end, y, `whisker stroke-${tone}`), line(end, y - 5, end, y + 5, `whisker stroke-${tone}`)] : [];
  const words = `${amount(value, unit)}${remark === undefined ? '' : ` ${remark}`}`;
  const goalEnd = goal === undefined ? 0 : position(goal) + 4;
  // A goal that lies just behind the figure must not be written over.
  const isInTheWay = goalEnd > end && goalEnd - end < words.length * DIGIT_WIDTH + 24;
  const behind = (isInTheWay ? goalEnd : end) + 10;
  return [
    text(MARGIN + 12, y + 4.5, label),
    mark,
    ...whisker,
    ...(goal === undefined ? [] : [line(position(goal), y - 11, position(goal), y + 11, 'goal')]),
    text(behind, y + 4.5, words, { class: 'value' }),
  ];
}

/** @param {string} unit */
function axisName(unit) {
  return { ms: 'milliseconds', times: 'times', 'per second': 'calls per second' }[unit] ?? unit;
}

/** @param {readonly ChartSection[]} sections @param {string} unit @param {string} upperName */
function describe(sections, unit, upperName) {
  return sections
    .map(({ heading, rows }) => {
      const figures = rows.map(({ label, value, upper, goal }) => {
        const more = [
          ...(upper === undefined ? [] : [`${upperName} ${amount(upper, unit)}`]),
          ...(goal === undefined ? [] : [`goal ${amount(goal, unit)}`]),
        ];
        return `${label} ${amount(value, unit)}${more.length === 0 ? '' : ` (${more.join(', ')})`}`;
      });
      return `${heading}: ${figures.join('; ')}.`;
    })
    .join(' ');
}
