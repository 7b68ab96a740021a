import { describe, expect, test } from 'vitest';
import { estimateLatencyMs, USAGE_LATENCY_BOUNDS_MS, usageLatencyBucket } from './usage-latency.ts';

/** As many calls in each bucket as these latencies make. */
function bucketsOf(latencies: readonly number[]): number[] {
  const buckets: number[] = [];
  for (const latencyMs of latencies) {
    const index = usageLatencyBucket(latencyMs);
    buckets[index] = (buckets[index] ?? 0) + 1;
  }
  return buckets;
}

describe('the latency histogram', () => {
  test('has 24 bounds from a millisecond to ten minutes, each less than twice and a half as far as the one before', () => {
    expect([USAGE_LATENCY_BOUNDS_MS.length, USAGE_LATENCY_BOUNDS_MS[0], USAGE_LATENCY_BOUNDS_MS.at(-1)]).toEqual([24, 1, 600_000]);
    for (const [index, bound] of USAGE_LATENCY_BOUNDS_MS.entries()) {
      const former = USAGE_LATENCY_BOUNDS_MS[index - 1];
      if (former === undefined) continue;
      expect(bound).toBeGreaterThan(former);
      expect(bound / former).toBeLessThan(2.5);
    }
  });

  test('counts a latency at its bound, and everything longer with the last', () => {
    expect([0, 1, 1.01, 10, 600_000, 1e9].map(usageLatencyBucket)).toEqual([0, 0, 1, 4, 23, 23]);
  });

  test('estimates no percentile of nothing', () => {
    expect(estimateLatencyMs([], 0.5)).toBeNull();
    expect(estimateLatencyMs([0, 0, 0], 0.95)).toBeNull();
  });

  test.each([0.5, 0.9, 0.95, 0.99])('estimates the share %f within the bucket that has it', (share) => {
    // From a millisecond to some seconds, as latencies are: most of them short.
    const latencies = Array.from({ length: 1000 }, (_, index) => 1000 ** (index / 999) * 4);
    const exact = latencies[Math.ceil(share * 1000) - 1] ?? 0;
    const estimate = estimateLatencyMs(bucketsOf(latencies), share) ?? 0;
    const bucket = usageLatencyBucket(exact);
    expect(estimate).toBeGreaterThan(USAGE_LATENCY_BOUNDS_MS[bucket - 1] ?? 0);
    expect(estimate).toBeLessThanOrEqual(USAGE_LATENCY_BOUNDS_MS[bucket] ?? 0);
  });

  test('goes from the beginning of the first bucket to the end of the last', () => {
    const buckets = bucketsOf([20, 20, 20, 50]);
    expect([0, 0.375, 0.75, 1].map((share) => estimateLatencyMs(buckets, share))).toEqual([18, 25, 32, 57]);
    expect(estimateLatencyMs(buckets, 7)).toBe(57);
  });
});
