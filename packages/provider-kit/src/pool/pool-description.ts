import type { BreakerState } from '@sandport/core';
import type { PooledInstance } from './pool-options.ts';
import type { PoolStock } from './pool-stock.ts';
import type { ProfileShelf } from './profile-shelf.ts';

/** What happened in a pool since it was made. */
export interface PoolCounts {
  readonly claims: number;
  /** Claims served by an instance that was ready. */
  readonly hits: number;
  /** Claims that were refused: no room, no instance can be made. */
  readonly refusals: number;
  readonly creates: number;
  readonly createFailures: number;
  /** Unused instances that ended by themselves. */
  readonly deaths: number;
}

/** One profile of a pool. */
export interface ProfileDescription {
  readonly profile: string;
  readonly idle: number;
  readonly starting: number;
  readonly busy: number;
  readonly waiting: number;
  /** Unused instances that the pool wants to have now. */
  readonly idleTarget: number;
  readonly ratePerSecond: number;
  /** `null` before the first. */
  readonly createMs: number | null;
  readonly breaker: {
    readonly state: BreakerState;
    /** Failures since the last success. */
    readonly failures: number;
    /** The last failure, in words; `null` after a success. */
    readonly reason: string | null;
    /** Milliseconds until the next attempt is allowed. */
    readonly nextProbeMs: number;
  };
}

/** The state of a pool, as plain facts. */
export interface PoolDescription {
  readonly maxInstances: number;
  readonly total: number;
  readonly idle: number;
  readonly starting: number;
  readonly busy: number;
  /** Instances that are being removed. */
  readonly leaving: number;
  readonly waiting: number;
  /** How long an instance is usually held, in milliseconds; `null` before the first. */
  readonly holdMs: number | null;
  readonly counts: PoolCounts;
  readonly profiles: readonly ProfileDescription[];
}

/** Describes a pool. */
export function describePool<Profile, Instance extends PooledInstance>(
  stock: PoolStock<Profile, Instance>,
  maxInstances: number,
  counts: PoolCounts,
): PoolDescription {
  return {
    maxInstances,
    total: stock.total,
    idle: stock.idle,
    starting: stock.starting,
    busy: stock.held.count,
    leaving: stock.leaving,
    waiting: stock.waiting,
    holdMs: stock.held.usualMs ?? null,
    counts: { ...counts },
    profiles: [...stock.shelves.values()].map((shelf) => describeShelf(stock, shelf)),
  };
}

function describeShelf<Profile, Instance extends PooledInstance>(
  stock: PoolStock<Profile, Instance>,
  shelf: ProfileShelf<Profile, Instance>,
): ProfileDescription {
  const { state, failures, reason, nextProbeMs } = shelf.breaker.describe();
  return {
    profile: shelf.key,
    idle: shelf.idleCount,
    starting: shelf.starts.size,
    busy: [...stock.held.holds].filter((hold) => hold.key === shelf.key).length,
    waiting: shelf.waitingCount,
    idleTarget: shelf.idleTarget,
    ratePerSecond: shelf.demand.ratePerSecond,
    createMs: shelf.demand.createMs ?? null,
    breaker: { state, failures, reason: reason === undefined ? null : wordsOf(reason), nextProbeMs },
  };
}

function wordsOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
