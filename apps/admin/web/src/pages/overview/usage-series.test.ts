import type { UsageAnswer, UsagePoint } from '@sandport/admin-api';
import { describe, expect, test } from 'vitest';
import { type UsageStep, callsOf, hasLonePoint, usageSteps, usageTotals } from './usage-series.ts';

const point = (atMs: number, change: Partial<UsagePoint> = {}): UsagePoint => ({
  atMs,
  providerId: 'wasm',
  statuses: {},
  errors: {},
  latency: null,
  pool: null,
  ...change,
});

const answer = (points: UsagePoint[]): UsageAnswer => ({ fromMs: 1000, toMs: 1300, stepMs: 100, points, clients: 1 });

describe('usageSteps', () => {
  test('has every step, also those without calls', () => {
    const steps = usageSteps(answer([point(1100, { statuses: { completed: 2, failed: 1 } })]), null);
    expect(steps.map(({ atMs, statuses }) => [atMs, callsOf(statuses), statuses.failed])).toEqual([
      [1000, 0, 0],
      [1100, 3, 1],
      [1200, 0, 0],
    ]);
    expect(steps[0]).toMatchObject({ errors: 0, p50Ms: null, p95Ms: null, pool: null });
  });

  test('adds providers up, and has the highest of their percentiles', () => {
    const pool = { idle: 1, busy: 2, starting: 0, waiting: 3 };
    const points = [
      point(1000, { statuses: { completed: 1 }, latency: { p50Ms: 5, p95Ms: 90 }, pool, errors: { A: 1 } }),
      point(1000, { providerId: 'docker', statuses: { completed: 4 }, latency: { p50Ms: 50, p95Ms: 60 }, pool, errors: { B: 2 } }),
      point(1000, { providerId: 'e2b' }),
    ];
    expect(usageSteps(answer(points), null)[0]).toMatchObject({
      statuses: { completed: 5 },
      errors: 3,
      p50Ms: 50,
      p95Ms: 90,
      pool: { idle: 2, busy: 4, starting: 0, waiting: 6 },
    });
    expect(usageSteps(answer(points), 'docker')[0]).toMatchObject({ statuses: { completed: 4 }, errors: 2, p95Ms: 60, pool });
  });

  test('draws no more steps than can be', () => {
    expect(usageSteps({ fromMs: 0, toMs: 1e12, stepMs: 1, points: [], clients: 0 }, null)).toHaveLength(2000);
  });
});

describe('hasLonePoint', () => {
  const latency = { p50Ms: 5, p95Ms: 9 };
  const p50 = ({ p50Ms }: UsageStep): number | null => p50Ms;

  test.each([
    ['nothing', [], false],
    ['one step among empty ones', [1100], true],
    ['the first step', [1000], true],
    ['the last step', [1200], true],
    ['two steps beside each other', [1100, 1200], false],
    ['two steps with a gap between them', [1000, 1200], true],
  ])('%s', (_name, times, isLone) => {
    expect(hasLonePoint(usageSteps(answer(times.map((atMs) => point(atMs, { latency }))), null), p50)).toBe(isLone);
  });
});

describe('usageTotals', () => {
  test('sums up, and has the newest of what is no sum', () => {
    const given = answer([
      point(1000, { statuses: { completed: 8, failed: 1, killed: 1 }, errors: { RATE_LIMITED: 1 }, latency: { p50Ms: 1, p95Ms: 2 } }),
      point(1100, { errors: { CAPACITY_EXHAUSTED: 4, RATE_LIMITED: 2 }, latency: { p50Ms: 3, p95Ms: 4 } }),
      point(1200, { providerId: 'docker', errors: { QUOTA_EXCEEDED: 3 } }),
    ]);
    expect(usageTotals(usageSteps(given, null), given, null)).toEqual({
      calls: 20,
      completed: 8,
      notCompleted: 2,
      errors: 10,
      errorsByCode: [
        ['CAPACITY_EXHAUSTED', 4],
        ['QUOTA_EXCEEDED', 3],
        ['RATE_LIMITED', 3],
      ],
      latest: { p50Ms: 3, p95Ms: 4 },
      pool: null,
    });
    expect(usageTotals(usageSteps(given, 'docker'), given, 'docker')).toMatchObject({ calls: 3, errors: 3, latest: null });
  });
});
