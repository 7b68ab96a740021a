import type { SandboxError } from '@sandport/core';
import { brokenError, exhaustedError } from './pool-errors.ts';
import type { PooledInstance } from './pool-options.ts';
import type { PoolStock, ShelfClaim } from './pool-stock.ts';
import type { ProfileShelf } from './profile-shelf.ts';
import { forecastWaitMs } from './wait-forecast.ts';

/** Retry time while nothing is known of how long things take here. */
const UNKNOWN_RETRY_AFTER_MS = 1_000;

/** How much longer than it was willing to wait a claim might have waited that left in vain. */
const VAIN_WAIT_FACTOR = 1.5;

/** A claim that found nothing ready. */
export interface Arrival {
  readonly tenant: string;
  readonly maxWaitMs: number;
  readonly forecastMs: number;
}

/** Why a claim need not begin to wait; `undefined` when it may. */
export function refusalOf<Profile, Instance extends PooledInstance>(
  stock: PoolStock<Profile, Instance>,
  { breaker }: ProfileShelf<Profile, Instance>,
  { tenant, maxWaitMs, forecastMs }: Arrival,
): SandboxError | undefined {
  if (!breaker.allowsAttempt) return brokenError(stock.terms, breaker.reason, breaker.nextProbeMs);
  const waitMs = forecastMs * stock.calibration.factor;
  const retryAfterMs = retryAfter(waitMs, maxWaitMs);
  if (!stock.hasRoomFor(tenant))
    return exhaustedError(stock.terms, `Too many calls wait for a ${stock.terms.instance} already.`, retryAfterMs, breaker.reason);
  if (maxWaitMs > 0 && waitMs <= maxWaitMs) return undefined;
  const message = `No ${stock.terms.instance} is expected to become free within ${maxWaitMs} ms.`;
  return exhaustedError(stock.terms, message, retryAfterMs, breaker.reason);
}

/** What a claim is told that was admitted and has waited in vain. The pool learns from it. */
export function lateRefusal<Profile, Instance extends PooledInstance>(
  stock: PoolStock<Profile, Instance>,
  claim: ShelfClaim<Profile, Instance>,
  now: number,
): SandboxError {
  const { shelf, tenant, maxWaitMs } = claim;
  stock.noteWait(claim, maxWaitMs * VAIN_WAIT_FACTOR);
  const waitMs = forecastWaitMs(stock, shelf, tenant, now) * stock.calibration.factor;
  return exhaustedError(
    stock.terms,
    `No ${stock.terms.instance} became free within ${maxWaitMs} ms.`,
    retryAfter(waitMs, maxWaitMs),
    shelf.breaker.reason,
  );
}

/** When the same claim would probably be admitted; at least half of the wait, since others come back as well. */
function retryAfter(waitMs: number, maxWaitMs: number): number {
  return waitMs === 0 ? UNKNOWN_RETRY_AFTER_MS : Math.max(waitMs - maxWaitMs, waitMs / 2);
}
