import type { UsagePoint } from '@sandport/admin-api';
import { estimateLatencyMs, type UsagePoint as StoredPoint } from '@sandport/core';
import type { Handler } from '../server/handler.ts';
import type { SandboxService } from '../service/sandbox-service.ts';
import { usageRange } from './usage-range.ts';

/** Calls, latency and pools over time, as the programs that make the calls have reported them. */
export function readUsage({ settings: { usage }, now }: SandboxService): Handler<'readUsage'> {
  return async ({ query: { minutes }, signal }) => {
    const range = usageRange(minutes, now());
    const { points, clients } = await usage.read(range, { signal });
    return { ...range, points: points.map(toPoint), clients };
  };
}

function toPoint({ atMs, providerId, statuses, errors, latencyBuckets, pool }: StoredPoint): UsagePoint {
  const p50Ms = estimateLatencyMs(latencyBuckets, 0.5);
  const p95Ms = estimateLatencyMs(latencyBuckets, 0.95);
  return {
    atMs,
    providerId,
    statuses: { ...statuses },
    errors: { ...errors },
    latency: p50Ms === null || p95Ms === null ? null : { p50Ms, p95Ms },
    pool: pool === null ? null : { idle: pool.idle, busy: pool.busy, starting: pool.starting, waiting: pool.waiting },
  };
}
