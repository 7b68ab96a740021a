const MINUTE_MS = 60_000;

/** Steps in minutes, as people divide their time. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120] as const;

/** So many points a chart shows at most. */
const MAX_POINTS = 120;

/** A part of the past in steps. */
export interface SteppedRange {
  /** Beginning of the first step, in milliseconds since the epoch. */
  readonly fromMs: number;
  /** End of the last one, which may lie ahead. */
  readonly toMs: number;
  readonly stepMs: number;
}

/** The last minutes, in whole steps that are as short as a chart can show. */
export function usageRange(minutes: number, nowMs: number): SteppedRange {
  const stepMs = (STEPS.find((step) => minutes / step <= MAX_POINTS) ?? 120) * MINUTE_MS;
  const toMs = (Math.floor(nowMs / stepMs) + 1) * stepMs;
  return { fromMs: Math.floor((nowMs - minutes * MINUTE_MS) / stepMs) * stepMs, toMs, stepMs };
}
