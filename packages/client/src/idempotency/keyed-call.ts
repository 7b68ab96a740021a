import type { Clock, IdempotencyStore } from '@sandport/core';
import type { WarningListener } from '../warning-listener.ts';
import type { IdempotencyTiming } from './idempotency-timing.ts';
import type { ResultCodec } from './stored-outcome.ts';

/**
 * Says that the program may start from now on. The function that it gives takes that back, for a provider that has said that the program did not start after all (it
 * threw `CANCELLED`, `REQUEST_INVALID`).
 */
export type StartNotice = () => () => void;

/** What every part of one call with a key knows. */
export interface KeyedCall {
  readonly store: IdempotencyStore;
  readonly keyDigest: string;
  readonly requestDigest: string;
  readonly windowMs: number;
  readonly signal: AbortSignal | undefined;
  readonly warn: WarningListener;
  readonly now: Clock;
  readonly timing: IdempotencyTiming;
  /** Reading of `now` at which the wait for another call's outcome is over. */
  readonly waitUntil: number;
}

/** A call with a key, and the work that it is to do if it is the first. */
export interface KeyedExecution<Result> extends KeyedCall {
  readonly codec: ResultCodec<Result>;
  readonly run: (started: StartNotice) => Promise<Result>;
}
