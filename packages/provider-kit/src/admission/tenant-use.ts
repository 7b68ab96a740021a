import type { Clock } from '@sandport/core';
import { DecayingCount } from './decaying-count.ts';

/** Time after which a use counts half. */
const HALF_LIFE_MS = 20_000;

/** A use counts as recent until this much is left of it: for a single one, less than a minute and a half. */
const FORGOTTEN_BELOW = 0.05;

/** The share of all use beyond which one tenant crowds the others, and how much it must have used lately to count at all. */
const CROWDING_SHARE = 0.75;
const CROWDING_USE = 4;

/** Tenants in memory before those without recent use are looked for. */
const MIN_PRUNED_SIZE = 64;

/** Who has used something lately, and whether one tenant crowds the others. */
export class TenantUse {
  readonly #uses = new Map<string, DecayingCount>();
  readonly #all: DecayingCount;
  readonly #now: Clock | undefined;
  #candidate = '';
  #pruneAtSize = MIN_PRUNED_SIZE;

  constructor(now?: Clock) {
    this.#now = now;
    this.#all = new DecayingCount(HALF_LIFE_MS, now);
  }

  note(tenant: string): void {
    const use = this.#uses.get(tenant) ?? new DecayingCount(HALF_LIFE_MS, this.#now);
    use.add();
    this.#all.add();
    this.#uses.set(tenant, use);
    // All uses fade alike, so a tenant's share grows only here.
    if (use.value > this.#all.value * CROWDING_SHARE) this.#candidate = tenant;
    if (this.#uses.size >= this.#pruneAtSize) this.#forget();
  }

  /** Tenants in memory. */
  get tenantCount(): number {
    return this.#uses.size;
  }

  /** The tenant that outweighs all others by far while others use it too. */
  get crowdingTenant(): string | undefined {
    const use = this.#uses.get(this.#candidate)?.value ?? 0;
    const all = this.#all.value;
    const isCrowding = use > CROWDING_USE && use > all * CROWDING_SHARE && all - use > FORGOTTEN_BELOW;
    return isCrowding ? this.#candidate : undefined;
  }

  /** Whether nobody has used it lately. */
  get isForgotten(): boolean {
    return this.#all.value < FORGOTTEN_BELOW;
  }

  #forget(): void {
    for (const [tenant, use] of this.#uses) if (use.value < FORGOTTEN_BELOW) this.#uses.delete(tenant);
    this.#pruneAtSize = Math.max(MIN_PRUNED_SIZE, this.#uses.size * 2);
  }
}
