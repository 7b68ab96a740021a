import { describe, expect, test } from 'vitest';
import { drawCharts } from '../../bench/charts/charts.mjs';
import { drawRowChart } from '../../bench/charts/row-chart.mjs';
import { figureRows, type Figures } from '../../bench/figures/figures-document.mjs';

const machine = { cores: 2, processor: 'some', memoryGib: 8, kernel: '6', node: 'v20', python: null, loadAtStart: 0, engine: null };

function figuresOf(rows: Figures['rows']): Figures {
  return { measuredAt: '2026-11-29T00:00:00.000Z', calls: 1, sandport: '0.1.0', machine, seconds: {}, rows };
}

const summary = { what: 'hand-out', count: 6, p50Ms: 1, p95Ms: 2, p99Ms: 4 };
const goals = [{ what: 'hand-out at p99', unit: 'ms', bound: 'at most', limit: 5, value: 4 }] as const;
const handOut = figureRows('hand-out', { ...summary, series: 'hand-out', language: 'python', isolation: 'runc', goals });

/** Attributes of each element of a kind, in the order of the document. */
function elementsOf(chart: string, kind: string, look: string): Record<string, string>[] {
  return [...chart.matchAll(new RegExp(`<${kind} ([^>]*class="${look}"[^>]*)/>`, 'g'))].map((match) =>
    Object.fromEntries([...(match[1] ?? '').matchAll(/([\w-]+)="([^"]*)"/g)].map((pair) => [pair[1] ?? '', pair[2] ?? ''])),
  );
}

describe('charts', () => {
  test('are those of what was measured, and the same each time', () => {
    const drawn = drawCharts(figuresOf(handOut));
    expect([...drawn.keys()]).toEqual(['hand-out.svg']);
    expect(drawCharts(figuresOf(handOut))).toEqual(drawn);
  });

  test('bars are as long as their figures, and the goal is where it belongs', () => {
    const chart = drawCharts(figuresOf(handOut)).get('hand-out.svg') ?? '';
    const bars = elementsOf(chart, 'rect', 'fill-first').slice(1);
    const [p50, p95, p99] = bars.map(({ width }) => Number(width));
    expect(bars).toHaveLength(3);
    expect(p95).toBeCloseTo(2 * (p50 ?? 0), 0);
    expect(p99).toBeCloseTo(4 * (p50 ?? 0), 0);
    const [, goal] = elementsOf(chart, 'line', 'goal').map(({ x1 }) => Number(x1));
    expect((goal ?? 0) - Number(bars[0]?.['x'])).toBeCloseTo(5 * (p50 ?? 0), 0);
  });

  test('on a logarithmic scale ten times as much is the same step further', () => {
    const row = (value: number) => ({ label: String(value), value, tone: 'first' as const });
    const chart = drawRowChart({
      name: 'steps',
      title: 'Steps',
      subtitle: '',
      unit: 'ms',
      scale: 'logarithmic',
      sections: [{ heading: 'Steps', rows: [row(0.5), row(5), row(50)] }],
      legend: [],
    });
    const [one = 0, two = 0, three = 0] = elementsOf(chart, 'circle', 'fill-first').map(({ cx }) => Number(cx));
    expect(two - one).toBeGreaterThan(20);
    expect(three - two).toBeCloseTo(two - one, 0);
  });

  test('words that look like markup stay words', () => {
    const hostile = '<script>alert("1")</script> & more';
    const chart = drawRowChart({
      name: 'words',
      title: hostile,
      subtitle: hostile,
      unit: 'ms',
      scale: 'linear',
      sections: [{ heading: hostile, rows: [{ label: hostile, value: 1, tone: 'other' }] }],
      legend: [{ sign: 'bar', words: hostile }],
    });
    expect(chart).not.toContain('<script');
    expect(chart.split('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; more')).toHaveLength(8 + 1);
  });
});
