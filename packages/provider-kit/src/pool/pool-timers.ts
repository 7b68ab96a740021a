import { TIDY_INTERVAL_MS, type PooledInstance } from './pool-options.ts';
import type { PoolStock } from './pool-stock.ts';

/** How long a claim from the stock puts off the making of the next instance. The end of the call makes it begin at once. */
const REFILL_DELAY_MS = 100;

/** Wakes a pool where nothing else does: after a hit, when a probe is due, and to give up what nobody wants any more. No timer keeps the process alive. */
export class PoolTimers {
  readonly #wake: () => void;
  readonly #pending = new Map<'refill' | 'probe' | 'tidy', { readonly timer: NodeJS.Timeout }>();

  constructor(wake: () => void) {
    this.#wake = wake;
  }

  /** Making an instance takes the processor from the call that was just served; a short call is over before. */
  pumpAfterHit(): void {
    this.#arm('refill', REFILL_DELAY_MS);
  }

  /** Arms what this stock needs. */
  watch<Profile, Instance extends PooledInstance>(stock: PoolStock<Profile, Instance>): void {
    if (!stock.isAtRest) this.#arm('tidy', TIDY_INTERVAL_MS);
    const pauses = [...stock.shelves.values()].flatMap(({ breaker, idleTarget, idleCount }) =>
      breaker.state === 'open' && idleTarget > idleCount && breaker.nextProbeMs > 0 ? [breaker.nextProbeMs] : [],
    );
    if (pauses.length > 0) this.#arm('probe', Math.ceil(Math.min(...pauses)) + 1);
  }

  stop(): void {
    for (const { timer } of this.#pending.values()) clearTimeout(timer);
    this.#pending.clear();
  }

  #arm(what: 'refill' | 'probe' | 'tidy', delayMs: number): void {
    if (this.#pending.has(what)) return;
    const timer = setTimeout(() => {
      this.#pending.delete(what);
      this.#wake();
    }, delayMs).unref();
    this.#pending.set(what, { timer });
  }
}
