import { estimateWaitMs, remainingMs } from '../admission/wait-estimate.ts';
import { MAX_STARTING } from './pool-options.ts';
import type { PoolStock } from './pool-stock.ts';
import type { PooledInstance } from './pool-options.ts';
import type { ProfileShelf } from './profile-shelf.ts';

/** How long a claim would wait if it came now, in milliseconds, as far as the pool's facts say. Without observations it is short: who knows no better hopes. */
export function forecastWaitMs<Profile, Instance extends PooledInstance>(
  stock: PoolStock<Profile, Instance>,
  shelf: ProfileShelf<Profile, Instance>,
  tenant: string,
  now: number,
): number {
  const usualHoldMs = stock.held.usualMs ?? 0;
  const readyInMs: number[] = [];
  // Room that is left, and room that is being made.
  const freeInMs: number[] = Array.from({ length: Math.max(0, stock.room) + stock.leaving }, () => 0);
  for (const other of stock.shelves.values()) {
    // An instance for nobody who waits, ready or coming, makes room for one that is wanted.
    const list = other === shelf || other.waitingCount > 0 ? readyInMs : freeInMs;
    const createMs = createMsOf(stock, other);
    for (const start of other.starts) list.push(remainingMs(now - start.begunAt, createMs));
    if (other !== shelf) freeInMs.push(...Array.from({ length: other.idleCount }, () => 0));
  }
  for (const hold of stock.held.holds) freeInMs.push(remainingMs(now - hold.since, usualHoldMs));
  const ahead = stock.aheadOf(tenant);
  return estimateWaitMs({ ahead, readyInMs, freeInMs, makers: MAX_STARTING, createMs: createMsOf(stock, shelf), holdMs: usualHoldMs });
}

/** What is known of this profile, else of the quickest other. */
function createMsOf<Profile, Instance extends PooledInstance>(
  stock: PoolStock<Profile, Instance>,
  shelf: ProfileShelf<Profile, Instance>,
): number {
  const own = shelf.demand.createMs;
  if (own !== undefined) return own;
  const others = [...stock.shelves.values()].flatMap((other) => other.demand.createMs ?? []);
  return others.length === 0 ? 0 : Math.min(...others);
}
