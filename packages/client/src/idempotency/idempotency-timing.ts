import { EXECUTION_LIMIT_RANGES, REQUEST_LIMITS } from '@sandport/core';

/** The times of calls with an idempotency key, in milliseconds. Nobody needs to change them; tests do. */
export interface IdempotencyTiming {
  /** From one sign of life of a first call to the next. */
  readonly beatMs: number;
  /** First pause between two looks of a call that waits; it grows. */
  readonly pollMinMs: number;
  /** Longest pause between two looks. */
  readonly pollMaxMs: number;
  /** Silence after which the first call is taken for dead. */
  readonly silenceMs: number;
  /** The most that one look adds to the silence: who was asleep itself has not listened. */
  readonly lookMs: number;
  /** How long a call that waits puts up with a database that does not answer. */
  readonly outageMs: number;
  /** Longest wait for one answer of the store. */
  readonly storeTimeoutMs: number;
  /** How long the first call tries to store its outcome before it goes home with it. */
  readonly keepMs: number;
  /** From one try to the next. */
  readonly keepPauseMs: number;
  /** What is left of that when its caller has withdrawn it. */
  readonly withdrawnMs: number;
  /** Longest wait for another call's outcome. */
  readonly waitTimeoutMs: number;
}

/** What is used unless something else is said. */
export const IDEMPOTENCY_TIMING: IdempotencyTiming = {
  beatMs: 2000,
  pollMinMs: 50,
  pollMaxMs: 500,
  silenceMs: 15_000,
  lookMs: 1000,
  outageMs: 15_000,
  storeTimeoutMs: 5000,
  keepMs: 5000,
  keepPauseMs: 250,
  withdrawnMs: 250,
  // The longest that a first call may wait and run.
  waitTimeoutMs: REQUEST_LIMITS.maxWaitMs + EXECUTION_LIMIT_RANGES.timeoutMs.max,
};
