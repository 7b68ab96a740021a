import type { PhaseClock } from '@sandport/core';

/** What was measured here of one call, in milliseconds. */
export interface OwnTimes {
  /** Making the sandbox, its wait included, where this is the first call; else 0. */
  readonly makingMs: number;
  /** Waiting for other calls of the sandbox. */
  readonly waitedMs: number;
  /** The call itself, that wait included. */
  readonly elapsedMs: number;
}

/** The clock of a call as it was seen here. What happens inside of the executor only the executor can tell apart; it is never longer than the whole. */
export function clockOf(told: PhaseClock, { makingMs, waitedMs, elapsedMs }: OwnTimes): PhaseClock {
  // The executor counts the making of the sandbox with its first call, too, and knows how much of it was waiting.
  const queuedMs = Math.min(told.queueMs, makingMs);
  let leftMs = elapsedMs - waitedMs;
  const within = (ms: number): number => {
    const taken = Math.min(ms, leftMs);
    leftMs -= taken;
    return taken;
  };
  const [runMs, collectMs, startMs] = [within(told.runMs), within(told.collectMs), within(told.startMs)];
  return { queueMs: queuedMs + waitedMs, claimMs: makingMs - queuedMs, startMs, runMs, collectMs, totalMs: makingMs + elapsedMs };
}
