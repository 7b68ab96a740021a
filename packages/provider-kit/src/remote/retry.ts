import { setTimeout as delay } from 'node:timers/promises';
import { RemoteFailure } from './remote-failure.ts';

/** How a safe call is repeated. */
export interface RetryOptions {
  readonly signal?: AbortSignal | undefined;
  /** Calls at most. @default 4 */
  readonly attempts?: number;
  /** Pause before the second call; doubled each time. @default 200 */
  readonly pauseMs?: number;
  /** Longest pause, also when the service asks for a longer one: the caller's deadline is near. @default 5000 */
  readonly maxPauseMs?: number;
  /** Which failures are worth another call. @default {@link isPassing}: those of the connection, 429 and 5xx */
  readonly isWorth?: (failure: RemoteFailure) => boolean;
  /** A number from 0 to 1. */
  readonly random?: () => number;
}

/** Statuses after which the same call may succeed. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/**
 * Repeats a call that may be carried out more than once: with pauses that grow, with jitter, and no sooner than `Retry-After` says.
 *
 * @param call Gets the number of the attempt, from 0.
 */
export async function retrySafely<Result>(call: (attempt: number) => Promise<Result>, options: RetryOptions = {}): Promise<Result> {
  const { signal, attempts = 4, pauseMs = 200, maxPauseMs = 5000, isWorth = isPassing, random = Math.random } = options;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await call(attempt);
    } catch (error) {
      const isLast = attempt + 1 >= attempts || signal?.aborted === true;
      if (isLast || !(error instanceof RemoteFailure) || !isWorth(error)) throw error;
      const growing = pauseMs * 2 ** attempt * (0.5 + random() / 2);
      const asked = (error.facts.retryAfterMs ?? 0) * (1 + random() / 10);
      await delay(Math.min(maxPauseMs, Math.max(growing, asked)), undefined, signal === undefined ? {} : { signal });
    }
  }
}

/** Whether the same call may succeed soon, without anybody changing anything. */
export function isPassing({ facts }: RemoteFailure): boolean {
  if (facts.kind === 'unreachable') return facts.code !== 'ENOTFOUND';
  if (facts.kind === 'unreadable') return true;
  return facts.status !== undefined && PASSING_STATUSES.has(facts.status);
}

/** `Retry-After` in milliseconds: whole seconds, or a date. */
export function parseRetryAfter(text: string | null, nowMs: number): number | undefined {
  if (text === null) return undefined;
  if (/^\d+$/.test(text.trim())) return Number(text) * 1000;
  const dateMs = Date.parse(text);
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs);
}
