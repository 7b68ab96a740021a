import { deferred } from '../deferred.ts';
import type { ClaimedInstance } from './pool-options.ts';

/** What happens to a claim that waits. */
export interface WaitingClaimEvents {
  /** The longest wait is over. */
  readonly onTimeout: () => void;
  readonly onAbort: () => void;
}

/** How a claim waits. */
export interface WaitingClaimOptions<Shelf> {
  readonly tenant: string;
  readonly shelf: Shelf;
  readonly arrivedAt: number;
  readonly maxWaitMs: number;
  /** How long it is expected to wait, from experience; `null` where there is none yet. */
  readonly forecastMs: number | null;
  readonly signal: AbortSignal | undefined;
}

/** One claim that waits for an instance, until it is settled: once, and whatever happens first. */
export class WaitingClaim<Shelf, Instance> {
  readonly tenant: string;
  readonly shelf: Shelf;
  readonly arrivedAt: number;
  readonly maxWaitMs: number;
  readonly forecastMs: number | null;
  readonly promise: Promise<ClaimedInstance<Instance>>;
  readonly #settle: ReturnType<typeof deferred<ClaimedInstance<Instance>>>;
  readonly #stopWaiting: () => void;

  constructor(options: WaitingClaimOptions<Shelf>, events: WaitingClaimEvents) {
    const { signal } = options;
    this.tenant = options.tenant;
    this.shelf = options.shelf;
    this.arrivedAt = options.arrivedAt;
    this.maxWaitMs = options.maxWaitMs;
    this.forecastMs = options.forecastMs;
    this.#settle = deferred();
    this.promise = this.#settle.promise;
    const timer = setTimeout(events.onTimeout, options.maxWaitMs);
    signal?.addEventListener('abort', events.onAbort, { once: true });
    this.#stopWaiting = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', events.onAbort);
    };
  }

  resolve(claimed: ClaimedInstance<Instance>): void {
    this.#stopWaiting();
    this.#settle.resolve(claimed);
  }

  reject(error: unknown): void {
    this.#stopWaiting();
    this.#settle.reject(error);
  }
}
