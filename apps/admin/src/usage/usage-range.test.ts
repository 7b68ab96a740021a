import { expect, test } from 'vitest';
import { usageRange } from './usage-range.ts';

const MINUTE_MS = 60_000;
const NOW_MS = Date.UTC(2026, 0, 2, 3, 4, 5);

test.each([
  [5, 1],
  [60, 1],
  [121, 2],
  [1440, 15],
  [10_080, 120],
])('shows the last %s minutes in steps of %s', (minutes, step) => {
  const { fromMs, toMs, stepMs } = usageRange(minutes, NOW_MS);
  expect(stepMs).toBe(step * MINUTE_MS);
  expect([fromMs % stepMs, toMs % stepMs]).toEqual([0, 0]);
  expect(fromMs).toBeLessThanOrEqual(NOW_MS - minutes * MINUTE_MS);
  expect(fromMs).toBeGreaterThan(NOW_MS - minutes * MINUTE_MS - stepMs);
  expect(toMs).toBeGreaterThan(NOW_MS);
  expect((toMs - fromMs) / stepMs).toBeLessThanOrEqual(122);
});
