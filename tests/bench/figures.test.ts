import { describe, expect, test } from 'vitest';
import { amount } from '../../bench/charts/amounts.mjs';
import { figureRows, figuresSchema } from '../../bench/figures/figures-document.mjs';
import { compare, isMet } from '../../bench/measure/report.mjs';
import { summarise } from '../../bench/measure/samples.mjs';

const goal = { what: 'it', unit: 'ms', limit: 5 } as const;

describe('a goal', () => {
  test.each([
    ['at most', 4.9, true],
    ['at most', 5, true],
    ['at most', 5.1, false],
    ['at least', 4.9, false],
    ['at least', 5, true],
    ['at least', 5.1, true],
  ] as const)('%s 5 is met by %d: %s', (bound, value, met) => {
    expect(isMet({ ...goal, bound, value })).toBe(met);
  });
});

describe('a row of the document', () => {
  test('has what was measured, to five digits', () => {
    const samples = Array.from({ length: 100 }, (_, index) => index + 1 / 3);
    const own = summarise('own', samples);
    const comparisons = [compare(own, { ...own, p50Ms: own.p50Ms * 3 }, 'the other')];
    expect(figureRows('bench', { ...own, series: 'one', misses: 2, comparisons, note: 'for people' })).toEqual([
      {
        benchmark: 'bench',
        series: 'one',
        what: 'own',
        count: 100,
        p50Ms: 50.333,
        p95Ms: 95.333,
        p99Ms: 99.333,
        misses: 2,
        comparisons: [{ with: 'the other', ratio: 0.33333 }],
      },
    ]);
  });

  test('is left out without a sample', () => {
    expect(figureRows('bench', { ...summarise('none', []), series: 'none', misses: 7 })).toEqual([]);
  });

  test('has no ratio to what has no sample, and no fact that nobody could tell', () => {
    const own = summarise('own', [1]);
    const comparisons = [compare(own, summarise('none', []), 'none')];
    const goals = [{ ...goal, bound: 'at most' as const, value: Number.NaN }];
    const [row] = figureRows('bench', { ...own, series: 'one', comparisons, goals, facts: { residentMebibytes: Number.NaN } });
    expect(Object.keys(row ?? {})).toEqual(['benchmark', 'what', 'count', 'p50Ms', 'p95Ms', 'p99Ms', 'series']);
  });
});

test('a document with a field that nobody knows is refused', () => {
  expect(figuresSchema.safeParse({ rows: [], user: 'somebody' }).error?.issues.map(({ code }) => code)).toContain('unrecognized_keys');
});

test.each([
  [0.00046, 'ms', '0.46 µs'],
  [0.0807, 'ms', '80.7 µs'],
  [0.26, 'ms', '0.26 ms'],
  [12.345, 'ms', '12.3 ms'],
  [1240.4, 'ms', '1,240 ms'],
  [1.1949, 'times', '1.19 ×'],
  [26.24, 'per second', '26.2 /s'],
])('%d %s is read as %s', (value, unit, words) => {
  expect(amount(value, unit)).toBe(words);
});
