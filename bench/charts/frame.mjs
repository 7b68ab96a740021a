// @ts-check
import { styleSheet } from './palette.mjs';
import { element, escaped, line, text } from './svg.mjs';

/** @import { Tone } from './palette.mjs' */

/** Of every chart, in pixels of its own; a page makes it larger or smaller. */
export const WIDTH = 860;
export const MARGIN = 20;

const LEGEND_Y = 74;
/** Where a chart's drawing begins. */
export const BODY_Y = 96;

/**
 * What a reader is told of a sign.
 *
 * @typedef {object} LegendEntry
 * @property {'bar' | 'dot' | 'curve' | 'dashed' | 'goal' | 'whisker'} sign
 * @property {Tone} [tone]
 * @property {string} words
 */

/**
 * A whole picture: who cannot see it has its title and its figures in words.
 *
 * @param {object} parts
 * @param {string} parts.name
 * @param {string} parts.title
 * @param {string} parts.subtitle what is shown, and in which unit
 * @param {string} parts.description the figures in words
 * @param {readonly LegendEntry[]} parts.legend
 * @param {number} parts.height
 * @param {readonly string[]} parts.body
 */
export function frame({ name, title, subtitle, description, legend, height, body }) {
  const ids = { title: `${name}-title`, description: `${name}-description` };
  const content = [
    element('title', { id: ids.title }, escaped(title)),
    element('desc', { id: ids.description }, escaped(description)),
    element('style', {}, styleSheet()),
    element('rect', { class: 'paper', width: WIDTH, height, rx: 6 }),
    text(MARGIN, 30, title, { class: 'title' }),
    text(MARGIN, 51, subtitle, { class: 'muted' }),
    ...drawLegend(legend),
    ...body,
  ];
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${WIDTH} ${height}`,
    width: WIDTH,
    height,
    role: 'img',
    'aria-labelledby': `${ids.title} ${ids.description}`,
  };
  return `${element('svg', attributes, `\n${content.join('\n')}\n`)}\n`;
}

/** @param {readonly LegendEntry[]} entries */
function drawLegend(entries) {
  let x = MARGIN;
  return entries.flatMap((entry) => {
    const drawn = [drawSign(entry, x, LEGEND_Y - 4), text(x + 30, LEGEND_Y, entry.words, { class: 'muted' })];
    // Letters of this size are some 6.3 pixels wide.
    x += 30 + entry.words.length * 6.3 + 20;
    return drawn;
  });
}

/** @param {LegendEntry} entry @param {number} x @param {number} y */
function drawSign({ sign, tone = 'other' }, x, y) {
  switch (sign) {
    case 'bar':
      return element('rect', { x, y: y - 6, width: 22, height: 12, class: `fill-${tone}` });
    case 'dot':
      return element('circle', { cx: x + 11, cy: y, r: 5.5, class: `fill-${tone}` });
    case 'curve':
      return line(x, y, x + 22, y, `curve stroke-${tone}`);
    case 'dashed':
      return line(x, y, x + 22, y, `curve dashed stroke-${tone}`);
    case 'whisker':
      return `${line(x, y, x + 22, y, `whisker stroke-${tone}`)}${line(x + 22, y - 5, x + 22, y + 5, `whisker stroke-${tone}`)}`;
    case 'goal':
      return line(x + 11, y - 9, x + 11, y + 9, 'goal');
  }
}
