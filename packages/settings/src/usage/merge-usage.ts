import { USAGE_LATENCY_BOUNDS_MS, type PoolState, type UsageCounts, type UsagePoint } from '@sandport/core';

/** What was counted of one provider by one client in one minute. */
export interface CountedMinute {
  readonly minuteMs: number;
  readonly providerId: string;
  readonly clientId: string;
  readonly counts: UsageCounts;
}

/** A point that is being added up. */
interface Sum {
  readonly atMs: number;
  readonly providerId: string;
  readonly statuses: Record<string, number>;
  readonly errors: Record<string, number>;
  readonly latencyBuckets: number[];
  /** The highest numbers of each client. */
  readonly pools: Map<string, PoolState>;
}

/** Adds minutes up to points: over the minutes of a step, and over clients. In order of time, then of providers. */
export function mergeUsage(minutes: Iterable<CountedMinute>, stepMs: number): UsagePoint[] {
  const sums = new Map<string, Sum>();
  for (const minute of minutes) {
    const atMs = Math.floor(minute.minuteMs / stepMs) * stepMs;
    const key = `${atMs} ${minute.providerId}`;
    let sum = sums.get(key);
    if (sum === undefined) {
      const latencyBuckets = USAGE_LATENCY_BOUNDS_MS.map(() => 0);
      sum = { atMs, providerId: minute.providerId, statuses: {}, errors: {}, latencyBuckets, pools: new Map() };
      sums.set(key, sum);
    }
    addTo(sum, minute);
  }
  const points = [...sums.values()].map(({ pools, ...sum }): UsagePoint => ({ ...sum, pool: poolOf(pools) }));
  return points.toSorted((left, right) => left.atMs - right.atMs || (left.providerId < right.providerId ? -1 : 1));
}

/** The higher number of each. */
function highestPool(left: PoolState, right: PoolState): PoolState {
  return {
    idle: Math.max(left.idle, right.idle),
    busy: Math.max(left.busy, right.busy),
    starting: Math.max(left.starting, right.starting),
    waiting: Math.max(left.waiting, right.waiting),
  };
}

function addTo(sum: Sum, { clientId, counts }: CountedMinute): void {
  addCounts(sum.statuses, counts.statuses);
  addCounts(sum.errors, counts.errors);
  for (const [index, calls] of counts.latencyBuckets.entries()) sum.latencyBuckets[index] = (sum.latencyBuckets[index] ?? 0) + calls;
  if (counts.pool === null) return;
  const former = sum.pools.get(clientId);
  sum.pools.set(clientId, former === undefined ? counts.pool : highestPool(former, counts.pool));
}

function addCounts(sum: Record<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [name, calls] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + calls;
}

function poolOf(pools: ReadonlyMap<string, PoolState>): PoolState | null {
  if (pools.size === 0) return null;
  const total = { idle: 0, busy: 0, starting: 0, waiting: 0 };
  for (const pool of pools.values()) {
    total.idle += pool.idle;
    total.busy += pool.busy;
    total.starting += pool.starting;
    total.waiting += pool.waiting;
  }
  return total;
}
