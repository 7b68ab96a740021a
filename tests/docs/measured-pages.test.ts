import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CHARTS, drawCharts } from '../../bench/charts/charts.mjs';
import { DARK, LIGHT } from '../../bench/charts/palette.mjs';
import { drawRecovery } from '../../bench/charts/recovery-chart.mjs';
import { figuresSchema } from '../../bench/figures/figures-document.mjs';
import { renderPerformancePage } from '../../tools/docs/performance-page.mjs';
import { renderReliabilityPage, type SoakDocument } from '../../tools/docs/reliability-page.mjs';

const docs = new URL('../../docs/', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, docs), 'utf8');

const figures = figuresSchema.parse(JSON.parse(read('performance/figures.json')));
const soak = JSON.parse(read('reliability/figures.json')) as SoakDocument;
const charts = new Map([...drawCharts(figures), ['recovery.svg', drawRecovery(soak, 'recovery')] as const]);

describe('what was measured is what the pages show (otherwise: npm run docs)', () => {
  test('docs/performance.md', () => {
    const page = read('performance.md');
    expect(page).toBe(renderPerformancePage(page, figures));
  });

  test('docs/reliability.md', () => {
    const page = read('reliability.md');
    expect(page).toBe(renderReliabilityPage(page, soak));
  });

  test('the charts, and no others', () => {
    const kept = ['performance', 'reliability'].flatMap((folder) =>
      readdirSync(new URL(`images/${folder}/`, docs)).map((file) => [file, read(`images/${folder}/${file}`)] as const),
    );
    expect(kept.map(([file]) => file).toSorted()).toEqual([...charts.keys()].toSorted());
    for (const [file, chart] of kept) expect(chart).toBe(charts.get(file));
  });
});

test('every chart of the performance page is of a run that measured it all', () => {
  expect([...drawCharts(figures).keys()]).toEqual(Object.keys(CHARTS).map((name) => `${name}.svg`));
});

test.each([...charts])('%s fetches nothing, runs nothing, and says in words what it shows', (_file, chart) => {
  expect(chart).not.toMatch(/<script|<image|<use|\bhref=|\bon\w+=|url\(|@import|@font-face|NaN|Infinity|undefined/);
  expect(chart).toMatch(/^<svg [^>]*role="img" aria-labelledby="[\w-]+-title [\w-]+-description">/);
  expect(chart).toMatch(/<title id="[^"]+">[^<]+<\/title>\n<desc id="[^"]+">[^<]+\d+[^<]*<\/desc>/);
  expect(chart).toContain('prefers-color-scheme:dark');
});

/** How much a colour is told from another, as the Web Content Accessibility Guidelines reckon it. */
function contrast(one: string, other: string): number {
  const [less = 0, more = 0] = [luminance(one), luminance(other)].toSorted((left, right) => left - right);
  return (more + 0.05) / (less + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

test.each([
  ['light', LIGHT],
  ['dark', DARK],
])('colours of the %s theme can be told from its paper', (_theme, { paper, ink, muted, grid: _grid, ...drawn }) => {
  for (const colour of [ink, muted]) expect(contrast(colour, paper)).toBeGreaterThan(4.5);
  for (const colour of Object.values(drawn)) expect(contrast(colour, paper)).toBeGreaterThan(3);
});
