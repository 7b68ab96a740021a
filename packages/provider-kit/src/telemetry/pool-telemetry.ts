import type { ClaimObservation, PoolObserver, RefusalObservation } from '../admission/pool-observer.ts';
import { attributesOf, errorTypeOf } from './attribute-values.ts';
import { currentInstruments } from './instruments.ts';
import { showPool, type PoolState } from './observed-pools.ts';

/**
 * Tells OpenTelemetry what happens in a pool. Neither the profile nor the tenant becomes an attribute: callers choose both, so that their number has no
 * bound, and a tenant's name may be a person's.
 */
export class PoolTelemetry implements PoolObserver {
  readonly #providerId: string;
  #hide: (() => void) | undefined;

  constructor(providerId: string) {
    this.#providerId = providerId;
  }

  /** From now until {@link PoolTelemetry.close} the pool's state is asked for whenever the metrics are read. */
  watch(describe: () => PoolState): void {
    this.close();
    this.#hide = showPool({ providerId: this.#providerId, describe });
    // Lets the meter know of the observables also when nothing ever happens in the pool.
    currentInstruments();
  }

  /** The pool is over. Idempotent. */
  close(): void {
    this.#hide?.();
  }

  claimed({ queueMs, hit }: ClaimObservation): void {
    const instruments = currentInstruments();
    instruments?.claims.add(1, attributesOf({ providerId: this.#providerId, hit }));
    instruments?.queueDuration.record(queueMs / 1000, attributesOf({ providerId: this.#providerId }));
  }

  refused({ error, waitedMs }: RefusalObservation): void {
    const attributes = attributesOf({ providerId: this.#providerId, errorType: errorTypeOf(error) });
    const instruments = currentInstruments();
    instruments?.refusals.add(1, attributes);
    instruments?.queueDuration.record(waitedMs / 1000, attributes);
  }

  created({ durationMs }: { readonly durationMs: number }): void {
    this.#recordCreation(durationMs, undefined);
  }

  createFailed({ durationMs, error }: { readonly durationMs: number; readonly error: unknown }): void {
    this.#recordCreation(durationMs, errorTypeOf(error));
  }

  died(): void {
    currentInstruments()?.deaths.add(1, attributesOf({ providerId: this.#providerId }));
  }

  #recordCreation(durationMs: number, errorType: string | undefined): void {
    const attributes = attributesOf({ providerId: this.#providerId, errorType });
    const instruments = currentInstruments();
    instruments?.creates.add(1, attributes);
    instruments?.createDuration.record(durationMs / 1000, attributes);
  }
}
