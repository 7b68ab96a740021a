import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { figureRows, type Figures } from '../../bench/figures/figures-document.mjs';
import { renderPerformancePage } from '../../tools/docs/performance-page.mjs';

const page = readFileSync(new URL('../../docs/performance.md', import.meta.url), 'utf8');
const machine = {
  cores: 2,
  processor: 'some',
  memoryGib: 8,
  kernel: '6.1',
  node: 'v20.19.0',
  python: null,
  loadAtStart: 0.1,
  engine: null,
};
const summary = { what: 'hand-out from the pool', count: 6, p50Ms: 1, p95Ms: 2, p99Ms: 4 };

function pageOf(value: number, load: number): string {
  const goals = [{ what: 'hand-out at p99', unit: 'ms', bound: 'at most', limit: 5, value }] as const;
  const rows = figureRows('hand-out', { ...summary, series: 'hand-out', isolation: 'runc', misses: 2, goals });
  const figures: Figures = {
    measuredAt: '2026-11-29T00:00:00.000Z',
    calls: 3,
    sandport: '0.1.0',
    machine: { ...machine, loadAtStart: load },
    seconds: { 'hand-out': 90 },
    rows,
  };
  return renderPerformancePage(page, figures);
}

test('a goal that was met says by how much, and so does one that was missed', () => {
  const met = pageOf(4, 0.1);
  expect(met).toContain('1 of 1 goals were met.');
  expect(met).toContain('| hand-out at p99 (hand-out from the pool) | at most 5 ms | 4 ms | met, 20 % below it |');
  const missed = pageOf(7, 0.1);
  expect(missed).toContain('0 of 1 goals were met.');
  expect(missed).toContain('| at most 5 ms | 7 ms | **missed** by 40 % |');
});

test('a figure stands beside how many there were, and how many were left out', () => {
  expect(pageOf(4, 0.1)).toContain('| hand-out from the pool | 1 ms | 2 ms | 4 ms | 6 (2 not warm) |');
});

test('what was not measured has neither figures nor a chart', () => {
  const text = pageOf(4, 0.1);
  expect(text).toContain('](images/performance/hand-out.svg)');
  expect(text).not.toContain('](images/performance/executor.svg)');
  expect(text).toContain('<!-- generated:executor -->\n\nThis run did not measure it.\n');
});

test('a machine that did other work is told of', () => {
  expect(pageOf(4, 0.1)).not.toContain('did other work');
  expect(pageOf(4, 1.5)).toContain('**The machine did other work meanwhile');
});
