/**
 * Upper bounds of the latency histogram in milliseconds. The last one also has what took longer. They are part of what is stored: a bucket's place says what it counts.
 */
export const USAGE_LATENCY_BOUNDS_MS: readonly number[] = [
  1, 2, 3, 6, 10, 18, 32, 57, 102, 182, 325, 580, 1030, 1840, 3280, 5850, 10_400, 18_600, 33_200, 59_200, 106_000, 188_000, 336_000,
  600_000,
];

/** The bucket that counts this latency: an index of {@link USAGE_LATENCY_BOUNDS_MS}. */
export function usageLatencyBucket(latencyMs: number): number {
  const index = USAGE_LATENCY_BOUNDS_MS.findIndex((bound) => latencyMs <= bound);
  return index === -1 ? USAGE_LATENCY_BOUNDS_MS.length - 1 : index;
}

/**
 * The latency that this share of calls did not exceed, as near as a histogram tells it: within a bucket calls are taken to be spread evenly.
 *
 * @param buckets Calls by the place of their bound; places that are missing count nothing.
 * @param share From 0 to 1: 0.95 for the 95th percentile.
 * @returns milliseconds; `null` when nothing was counted.
 */
export function estimateLatencyMs(buckets: readonly number[], share: number): number | null {
  const counts = USAGE_LATENCY_BOUNDS_MS.map((_, index) => buckets[index] ?? 0);
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const rank = Math.min(Math.max(share, 0), 1) * total;
  let below = 0;
  let lowerMs = 0;
  let estimateMs = 0;
  for (const [index, upperMs] of USAGE_LATENCY_BOUNDS_MS.entries()) {
    const count = counts[index] ?? 0;
    if (count > 0) {
      estimateMs = lowerMs + (upperMs - lowerMs) * Math.min(1, Math.max(0, (rank - below) / count));
      if (below + count >= rank) return estimateMs;
    }
    below += count;
    lowerMs = upperMs;
  }
  return estimateMs;
}
