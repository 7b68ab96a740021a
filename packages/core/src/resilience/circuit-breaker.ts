import { monotonicClock, type Clock } from './clock.ts';

/** `closed`: work is done. `open`: it is not, until the pause is over. `half-open`: one attempt shows whether it can be done again. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** What a {@link CircuitBreaker} is told. */
export interface CircuitBreakerOptions {
  /** Failures in a row after which it opens. @default 3 */
  readonly failureThreshold?: number;
  /** Pause before the first probe, in milliseconds; doubled after each probe that fails. @default 500 */
  readonly minPauseMs?: number;
  /** Longest pause between two probes, in milliseconds. @default 30000 */
  readonly maxPauseMs?: number;
  readonly now?: Clock;
  readonly onChange?: (state: BreakerState, reason: unknown) => void;
}

/** What a breaker says of itself. */
export interface BreakerDescription {
  readonly state: BreakerState;
  /** Failures since the last success. */
  readonly failures: number;
  /** The last failure; `undefined` after a success. */
  readonly reason: unknown;
  /** Milliseconds until an attempt is allowed; 0 when one is. While a probe runs: until the next, should it fail. */
  readonly nextProbeMs: number;
}

/**
 * Stops work that keeps failing. It opens after some failures in a row, keeps the reason, lets one attempt through after a pause that grows,
 * and closes on the first success.
 */
export class CircuitBreaker {
  readonly #threshold: number;
  readonly #minPauseMs: number;
  readonly #maxPauseMs: number;
  readonly #now: Clock;
  readonly #onChange: CircuitBreakerOptions['onChange'];
  #state: BreakerState = 'closed';
  #failures = 0;
  #reason: unknown;
  #pauseMs: number;
  #probeAt = 0;

  constructor(options: CircuitBreakerOptions = {}) {
    this.#threshold = options.failureThreshold ?? 3;
    this.#minPauseMs = options.minPauseMs ?? 500;
    this.#maxPauseMs = options.maxPauseMs ?? 30_000;
    this.#now = options.now ?? monotonicClock;
    this.#onChange = options.onChange;
    this.#pauseMs = this.#minPauseMs;
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** The last failure since the last success. */
  get reason(): unknown {
    return this.#reason;
  }

  /** Whether {@link CircuitBreaker.attempt} would allow one now. */
  get allowsAttempt(): boolean {
    return this.#state === 'closed' || (this.#state === 'open' && this.#now() >= this.#probeAt);
  }

  /** Milliseconds until an attempt is allowed, as far as is known. */
  get nextProbeMs(): number {
    if (this.#state === 'half-open') return this.#pauseMs;
    return this.#state === 'closed' ? 0 : Math.max(0, this.#probeAt - this.#now());
  }

  /** Asks to begin an attempt, whose outcome must then be told. After a pause the first one to ask begins the probe. */
  attempt(): boolean {
    if (!this.allowsAttempt) return false;
    if (this.#state === 'open') this.#become('half-open');
    return true;
  }

  /** An attempt did what it should. */
  succeeded(): void {
    this.#failures = 0;
    this.#reason = undefined;
    this.#pauseMs = this.#minPauseMs;
    if (this.#state !== 'closed') this.#become('closed');
  }

  /** An attempt failed. A failure that trying again cannot mend opens it at once. */
  failed(reason: unknown, isLasting = false): void {
    this.#failures += 1;
    this.#reason = reason;
    if (this.#state === 'half-open') this.#pauseMs = Math.min(this.#pauseMs * 2, this.#maxPauseMs);
    else if (this.#state === 'open' || (this.#failures < this.#threshold && !isLasting)) return;
    this.#probeAt = this.#now() + this.#pauseMs;
    this.#become('open');
  }

  describe(): BreakerDescription {
    return { state: this.#state, failures: this.#failures, reason: this.#reason, nextProbeMs: this.nextProbeMs };
  }

  #become(state: BreakerState): void {
    this.#state = state;
    this.#onChange?.(state, this.#reason);
  }
}
