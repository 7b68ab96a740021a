// @ts-check

/**
 * Colours of a chart, by what they are for. Each of a theme is told from its paper: texts by 4.5 to 1 at least, what is drawn by 3 to 1.
 *
 * @typedef {Readonly<{ paper: string, ink: string, muted: string, grid: string, first: string, second: string, third: string, other: string, goal: string }>} Palette
 */

/** @type {Palette} */
export const LIGHT = {
  paper: '#ffffff',
  ink: '#1b2330',
  muted: '#4d5866',
  grid: '#dfe4ea',
  first: '#0b63b0',
  second: '#b4530a',
  third: '#1b7a4b',
  other: '#6b7685',
  goal: '#b3261e',
};

/** @type {Palette} */
export const DARK = {
  paper: '#0f141a',
  ink: '#e6ebf1',
  muted: '#a9b4c1',
  grid: '#2a333d',
  first: '#6cb2ff',
  second: '#ffa75a',
  third: '#5fd39a',
  other: '#95a1af',
  goal: '#ff8a80',
};

/** @typedef {'first' | 'second' | 'third' | 'other'} Tone */

const LOOKS = `text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-size:13px;fill:var(--ink)}
.paper{fill:var(--paper)}.title{font-size:17px;font-weight:600}.heading{font-weight:600}.muted{fill:var(--muted);font-size:12px}
.value{font-variant-numeric:tabular-nums;paint-order:stroke;stroke:var(--paper);stroke-width:4px;stroke-linejoin:round}
.grid{stroke:var(--grid)}.axis{stroke:var(--muted)}.goal{stroke:var(--goal);stroke-width:2;stroke-dasharray:5 3}
.fill-first{fill:var(--first)}.fill-second{fill:var(--second)}.fill-third{fill:var(--third)}.fill-other{fill:var(--other)}
.whisker{stroke-width:2}.curve{fill:none;stroke-width:2.5}.dashed{stroke-dasharray:2 4;stroke-linecap:round}
.stroke-first{stroke:var(--first)}.stroke-second{stroke:var(--second)}.stroke-third{stroke:var(--third)}.stroke-other{stroke:var(--other)}`;

/** What stands in the chart's own style element: no font is fetched, and the reader's theme decides the colours. */
export function styleSheet() {
  return `:root{${variables(LIGHT)}}\n@media (prefers-color-scheme:dark){:root{${variables(DARK)}}}\n${LOOKS}`;
}

/** @param {Palette} palette */
function variables(palette) {
  return Object.entries(palette)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');
}
