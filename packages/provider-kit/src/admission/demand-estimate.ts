import type { Clock } from '@sandport/core';
import { DecayingCount } from './decaying-count.ts';
import { RecentSamples } from './recent-samples.ts';

/** How {@link DemandEstimate} looks at the past. */
export interface DemandEstimateOptions {
  /** Time after which an arrival counts half, in milliseconds. @default 15000 */
  readonly halfLifeMs?: number;
  /** Head-room, in standard deviations of the number that arrives while one is made. @default 1.65 (19 of 20 such spans) */
  readonly headRoom?: number;
  readonly now?: Clock;
}

/** How many unused ones to keep, between two bounds. */
export interface IdleBounds {
  readonly minimum: number;
  readonly maximum: number;
}

/**
 * Learns how often something is asked for and how long making one takes, and says how many to have ready: those that arrive on average
 * while one is made (Little's law), and head-room for arrivals that bunch.
 */
export class DemandEstimate {
  readonly #arrivals: DecayingCount;
  readonly #creations = new RecentSamples();
  readonly #headRoom: number;

  constructor(options: DemandEstimateOptions = {}) {
    this.#arrivals = new DecayingCount(options.halfLifeMs ?? 15_000, options.now);
    this.#headRoom = options.headRoom ?? 1.65;
  }

  get ratePerSecond(): number {
    return this.#arrivals.ratePerMs * 1_000;
  }

  /** How long making one takes, by the median of the recent ones; `undefined` before the first. */
  get createMs(): number | undefined {
    return this.#creations.quantile(0.5);
  }

  /** One was asked for. */
  noteArrival(): void {
    this.#arrivals.add();
  }

  /** One was made. */
  noteCreation(durationMs: number): void {
    this.#creations.add(durationMs);
  }

  /** How many unused ones to have now. After a quiet time this is the minimum. */
  idleTarget(bounds: IdleBounds): number {
    const meanwhile = this.#arrivals.ratePerMs * (this.createMs ?? 0);
    const wanted = Math.round(meanwhile + this.#headRoom * Math.sqrt(meanwhile));
    return Math.max(bounds.minimum, Math.min(bounds.maximum, wanted));
  }
}
