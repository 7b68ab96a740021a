import { RecentSamples } from '../admission/recent-samples.ts';
import type { PooledInstance } from './pool-options.ts';

/** An instance in somebody's hands. */
export interface Hold {
  readonly tenant: string;
  readonly key: string;
  readonly since: number;
}

/**
 * Holds up to this length say how long the next one will take. Longer ones are sandboxes that somebody lives in; they are no measure for
 * calls, and while they last {@link HeldInstances} expects them to last as long again.
 */
const LONGEST_USUAL_HOLD_MS = 30_000;

/** The instances that were handed out, by holder, and how long they are usually held. */
export class HeldInstances<Instance extends PooledInstance> {
  readonly #holds = new Map<Instance, Hold>();
  readonly #byTenant = new Map<string, number>();
  readonly #durations = new RecentSamples();

  get count(): number {
    return this.#holds.size;
  }

  get instances(): Instance[] {
    return [...this.#holds.keys()];
  }

  get holds(): Iterable<Hold> {
    return this.#holds.values();
  }

  /** From handing out until the instance has gone, by the median of recent calls; `undefined` before the first. */
  get usualMs(): number | undefined {
    return this.#durations.quantile(0.5);
  }

  add(instance: Instance, hold: Hold): void {
    this.#holds.set(instance, hold);
    this.#byTenant.set(hold.tenant, this.countOf(hold.tenant) + 1);
  }

  /** Ends a hold, and gives it back when there was one. */
  end(instance: Instance): Hold | undefined {
    const hold = this.#holds.get(instance);
    if (hold === undefined) return undefined;
    this.#holds.delete(instance);
    const left = this.countOf(hold.tenant) - 1;
    if (left > 0) this.#byTenant.set(hold.tenant, left);
    else this.#byTenant.delete(hold.tenant);
    return hold;
  }

  countOf(tenant: string): number {
    return this.#byTenant.get(tenant) ?? 0;
  }

  /** An instance that was held has gone. */
  noteGone(durationMs: number): void {
    if (durationMs <= LONGEST_USUAL_HOLD_MS) this.#durations.add(durationMs);
  }
}
