// @ts-check
import { scaleLog, scalePoint } from 'd3-scale';
import { amount, plain } from './amounts.mjs';
import { BODY_Y, frame, MARGIN, WIDTH } from './frame.mjs';
import { element, line, text } from './svg.mjs';

/** @import { LegendEntry } from './frame.mjs' */
/** @import { Tone } from './palette.mjs' */

/**
 * @typedef {object} Curve
 * @property {string} label
 * @property {Tone} tone
 * @property {boolean} isDashed
 * @property {readonly { at: number, valueMs: number }[]} points
 */

/** @typedef {{ heading: string, curves: readonly Curve[] }} Panel */

/**
 * @typedef {object} LineChart
 * @property {string} name
 * @property {string} title
 * @property {string} subtitle
 * @property {string} axis what the horizontal axis counts
 * @property {readonly Panel[]} panels beside each other, on the same scale
 * @property {readonly LegendEntry[]} legend
 */

const PANEL_HEIGHT = 260;
const AXIS_WIDTH = 54;
const LABEL_WIDTH = 96;
const LABEL_GAP = 15;

/** @param {LineChart} chart @returns {string} an SVG document */
export function drawLineChart({ name, title, subtitle, axis, panels, legend }) {
  const points = panels.flatMap(({ curves }) => curves.flatMap((curve) => curve.points));
  const [top, bottom] = [BODY_Y + 40, BODY_Y + PANEL_HEIGHT];
  const values = points.map(({ valueMs }) => valueMs);
  const vertical = scaleLog()
    .domain([Math.min(...values) / 1.15, Math.max(...values) * 1.15])
    .range([bottom, top]);
  const steps = [...new Set(points.map(({ at }) => at))].toSorted((left, right) => left - right);
  const panelWidth = (WIDTH - 2 * MARGIN) / panels.length;
  const body = panels.flatMap((panel, index) => {
    const left = MARGIN + index * panelWidth;
    const horizontal = scalePoint(steps.map(String), [left + AXIS_WIDTH + 12, left + panelWidth - LABEL_WIDTH]);
    const place = { left: left + AXIS_WIDTH, right: left + panelWidth - LABEL_WIDTH + 12, top, bottom };
    return [
      text(left, BODY_Y + 21, panel.heading, { class: 'heading' }),
      ...drawGrid(vertical, place),
      ...steps.map((step) => text(horizontal(String(step)) ?? 0, bottom + 18, String(step), { class: 'muted', 'text-anchor': 'middle' })),
      text((place.left + place.right) / 2, bottom + 38, axis, { class: 'muted', 'text-anchor': 'middle' }),
      ...panel.curves.flatMap((curve) => drawCurve(curve, (at) => horizontal(String(at)) ?? 0, vertical)),
      ...drawEndLabels(panel.curves, (at) => horizontal(String(at)) ?? 0, vertical),
    ];
  });
  return frame({ name, title, subtitle, description: describe(panels), legend, height: bottom + 52, body });
}

/** @param {import('d3-scale').ScaleLogarithmic<number, number>} vertical @param {{ left: number, right: number, bottom: number }} place */
function drawGrid(vertical, { left, right, bottom }) {
  // 1, 2 and 5 of each power of ten: all ten of them would be a carpet.
  const ticks = vertical
    .ticks()
    .filter((tick) => ['1', '2', '5'].includes(tick.toExponential().slice(0, tick.toExponential().indexOf('e'))));
  return [
    ...ticks.flatMap((tick) => [
      line(left, vertical(tick), right, vertical(tick), 'grid'),
      text(left - 8, vertical(tick) + 4, plain(tick), { class: 'muted', 'text-anchor': 'end' }),
    ]),
    line(left, bottom, right, bottom, 'axis'),
  ];
}

/**
 * @param {Curve} curve
 * @param {(at: number) => number} horizontal
 * @param {(value: number) => number} vertical
 */
function drawCurve({ tone, isDashed, points }, horizontal, vertical) {
  const path = points.map(
    ({ at, valueMs }, index) => `${index === 0 ? 'M' : 'L'}${horizontal(at).toFixed(1)} ${vertical(valueMs).toFixed(1)}`,
  );
  return [
    element('path', { d: path.join(''), class: `curve stroke-${tone}${isDashed ? ' dashed' : ''}` }),
    ...points.map(({ at, valueMs }) => element('circle', { cx: horizontal(at), cy: vertical(valueMs), r: 4, class: `fill-${tone}` })),
  ];
}

/**
 * The last figure of each curve, moved apart where they would lie on each other.
 *
 * @param {readonly Curve[]} curves
 * @param {(at: number) => number} horizontal
 * @param {(value: number) => number} vertical
 */
function drawEndLabels(curves, horizontal, vertical) {
  const labels = curves
    .flatMap(({ points }) => points.slice(-1))
    .map(({ at, valueMs }) => ({ x: horizontal(at) + 10, y: vertical(valueMs) + 4.5, words: amount(valueMs, 'ms') }))
    .toSorted((left, right) => left.y - right.y);
  let least = Number.NEGATIVE_INFINITY;
  return labels.map(({ x, y, words }) => {
    const free = Math.max(y, least);
    least = free + LABEL_GAP;
    return text(x, free, words, { class: 'value' });
  });
}

/** @param {readonly Panel[]} panels */
function describe(panels) {
  return panels
    .map(({ heading, curves }) => {
      const told = curves.map(
        ({ label, points }) => `${label} ${points.map(({ at, valueMs }) => `${amount(valueMs, 'ms')} at ${at}`).join(', ')}`,
      );
      return `${heading}: ${told.join('; ')}.`;
    })
    .join(' ');
}
