import { monotonicClock, type Clock } from '@sandport/core';

/** A count that forgets: what was added loses half of its weight with every half-life. It needs no timer and no list of events. */
export class DecayingCount {
  readonly #halfLifeMs: number;
  readonly #now: Clock;
  #weight = 0;
  #at: number;

  constructor(halfLifeMs: number, now: Clock = monotonicClock) {
    this.#halfLifeMs = halfLifeMs;
    this.#now = now;
    this.#at = now();
  }

  /** What is left of everything that was added. */
  get value(): number {
    return this.#weight * 0.5 ** ((this.#now() - this.#at) / this.#halfLifeMs);
  }

  /** Events per millisecond, as recent ones show. */
  get ratePerMs(): number {
    return (this.value * Math.LN2) / this.#halfLifeMs;
  }

  add(amount = 1): void {
    this.#weight = this.value + amount;
    this.#at = this.#now();
  }
}
