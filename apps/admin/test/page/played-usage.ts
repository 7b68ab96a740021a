import type { AnswerOf, UsagePoint } from '@sandport/admin-api';

const STEPS = 60;

/** An hour, a day or a week with a gap in it, and with every kind of trouble. */
export function playedUsage(minutes: number): AnswerOf<'readUsage'> {
  const stepMs = (minutes * 60_000) / STEPS;
  const toMs = Math.ceil(Date.now() / stepMs) * stepMs;
  const fromMs = toMs - STEPS * stepMs;
  const points = Array.from({ length: STEPS }, (_, index) => pointAt(index, fromMs + index * stepMs));
  return { fromMs, toMs, stepMs, points: points.filter((_, index) => index < 20 || index > 24), clients: 3 };
}

/** Nothing has ever been called. */
export function emptyUsage(): AnswerOf<'readUsage'> {
  return { ...playedUsage(60), points: [], clients: 0 };
}

function pointAt(index: number, atMs: number): UsagePoint {
  const load = Math.abs(Math.sin(index / 7));
  return {
    atMs,
    providerId: 'docker',
    statuses: {
      completed: Math.round(40 * load + 5),
      failed: Math.round(6 * load),
      'timed-out': index % 9 === 0 ? 3 : 0,
      'out-of-memory': index % 17 === 0 ? 2 : 0,
    },
    errors: index % 12 === 0 ? { CAPACITY_EXHAUSTED: 2, PROVIDER_UNAVAILABLE: 1 } : {},
    latency: { p50Ms: 40 + 20 * load, p95Ms: 120 + 300 * load },
    pool: {
      idle: Math.round(4 * (1 - load)),
      busy: Math.round(8 * load),
      starting: index % 5 === 0 ? 1 : 0,
      waiting: index > 50 ? 2 : 0,
    },
  };
}
