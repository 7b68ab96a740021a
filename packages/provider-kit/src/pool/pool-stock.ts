import { FairQueue } from '../admission/fair-queue.ts';
import { WaitCalibration } from '../admission/wait-calibration.ts';
import { HeldInstances } from './held-instances.ts';
import { TIDY_INTERVAL_MS, type InstancePoolOptions, type PooledInstance } from './pool-options.ts';
import { ProfileShelf } from './profile-shelf.ts';
import type { ProviderTerms } from '../provider-terms.ts';
import type { WaitingClaim } from './waiting-claim.ts';

/** A claim that waits for an instance of one shelf. */
export type ShelfClaim<Profile, Instance extends PooledInstance> = WaitingClaim<ProfileShelf<Profile, Instance>, Instance>;

/** One instance that ought to be made. */
export interface WantedStart<Profile, Instance extends PooledInstance> {
  readonly shelf: ProfileShelf<Profile, Instance>;
  /** Somebody waits for it: unused instances of other profiles give way. */
  readonly isUrgent: boolean;
}

/** Everything that a pool has and owes: instances on shelves, in hands and on their way out, and claims that wait. It decides; it does nothing. */
export class PoolStock<Profile, Instance extends PooledInstance> {
  readonly terms: ProviderTerms;
  readonly shelves = new Map<string, ProfileShelf<Profile, Instance>>();
  readonly held = new HeldInstances<Instance>();
  /** How much longer claims wait than was foretold. */
  readonly calibration = new WaitCalibration();
  readonly #options: InstancePoolOptions<Profile, Instance>;
  readonly #queue: FairQueue<ShelfClaim<Profile, Instance>>;
  /** Instances that are being removed. */
  leaving = 0;
  #tidiedAt = -Infinity;

  constructor(options: InstancePoolOptions<Profile, Instance>) {
    this.#options = options;
    this.terms = options.terms;
    this.#queue = new FairQueue(options.maxQueueLength);
  }

  get idle(): number {
    return this.#sum((shelf) => shelf.idleCount);
  }

  get starting(): number {
    return this.#sum((shelf) => shelf.starts.size);
  }

  /** Instances that exist, are being made, or are going. */
  get total(): number {
    return this.idle + this.starting + this.held.count + this.leaving;
  }

  /** Instances that may still be added. */
  get room(): number {
    return this.#options.maxInstances - this.total;
  }

  shelfOf(profile: Profile): ProfileShelf<Profile, Instance> {
    const key = this.#options.keyOf(profile);
    const shelf = this.shelves.get(key) ?? new ProfileShelf(profile, this.#options);
    this.shelves.set(key, shelf);
    return shelf;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  /** Whether one more claim of this tenant may wait. */
  hasRoomFor(tenant: string): boolean {
    return this.#queue.hasRoomFor(tenant);
  }

  /** Claims that would be served before a new one of this tenant. */
  aheadOf(tenant: string): number {
    return this.#queue.aheadOf(tenant);
  }

  /** Claims that wait, in the order of their turns. */
  waitingClaims(): ShelfClaim<Profile, Instance>[] {
    return this.#queue.inOrder();
  }

  /** Lets a claim wait, for which there must be room. */
  enqueue(claim: ShelfClaim<Profile, Instance>): void {
    if (this.#queue.add(claim)) claim.shelf.waitingCount += 1;
  }

  /** A claim waits no longer. */
  dequeue(claim: ShelfClaim<Profile, Instance>): void {
    if (this.#queue.remove(claim)) claim.shelf.waitingCount -= 1;
  }

  /** The next claim in turn that may have one of the unused instances of this shelf. */
  takeClaimFor(shelf: ProfileShelf<Profile, Instance>): ShelfClaim<Profile, Instance> | undefined {
    if (shelf.idleCount === 0 || shelf.waitingCount === 0) return undefined;
    const claim = this.#queue.take((waiting) => waiting.shelf === shelf && this.mayTake(shelf, waiting.tenant));
    if (claim !== undefined) shelf.waitingCount -= 1;
    return claim;
  }

  /** Whether it is known how long instances of this shelf take to be made, and how long they are held. */
  hasExperience(shelf: ProfileShelf<Profile, Instance>): boolean {
    return shelf.demand.createMs !== undefined && this.held.usualMs !== undefined;
  }

  /** Learns from how long a claim has waited. */
  noteWait({ forecastMs }: ShelfClaim<Profile, Instance>, waitedMs: number): void {
    if (forecastMs !== null) this.calibration.note(forecastMs, waitedMs);
  }

  /** Whether a tenant may have one of the unused instances. One that crowds the others leaves them the last, as long as it can get another. */
  mayTake(shelf: ProfileShelf<Profile, Instance>, tenant: string): boolean {
    return shelf.idleCount > (this.#isCrowding(shelf, tenant) ? 1 : 0);
  }

  /** Instances to be made, the most urgent first: for those who wait in their turn, then to have some ready. */
  *wantedStarts(): Generator<WantedStart<Profile, Instance>> {
    const coming = new Map([...this.shelves.values()].map((shelf) => [shelf, shelf.starts.size]));
    const guarded = new Set<ProfileShelf<Profile, Instance>>();
    const covers = (shelf: ProfileShelf<Profile, Instance>): boolean => {
      const left = coming.get(shelf) ?? 0;
      coming.set(shelf, left - 1);
      return left > 0;
    };
    for (const { shelf, tenant } of this.#queue.inOrder()) {
      if (this.#isCrowding(shelf, tenant) && shelf.idleCount === 0 && !guarded.has(shelf)) {
        guarded.add(shelf);
        if (!covers(shelf)) yield { shelf, isUrgent: true };
      }
      if (!covers(shelf)) yield { shelf, isUrgent: true };
    }
    // Every profile's least stock comes before anybody's larger one.
    for (const target of ['minIdle', 'idleTarget'] as const) {
      for (const shelf of this.shelves.values()) {
        const present = shelf.idleCount + Math.max(0, coming.get(shelf) ?? 0);
        const missing = Math.max(0, shelf[target] - present);
        coming.set(shelf, Math.max(0, coming.get(shelf) ?? 0) + missing);
        for (let index = 0; index < missing; index += 1) yield { shelf, isUrgent: false };
      }
    }
  }

  /** The shelf that gives up an unused instance for one that somebody waits for: the one least asked for. */
  victimFor(wanted: ProfileShelf<Profile, Instance>): ProfileShelf<Profile, Instance> | undefined {
    const candidates = [...this.shelves.values()].filter((shelf) => shelf !== wanted && shelf.idleCount > 0);
    return candidates.toSorted((left, right) => left.demand.ratePerSecond - right.demand.ratePerSecond)[0];
  }

  /**
   * Instances to be removed: at once those that are not to be kept, and now and then one of each profile that has more than it wants. Profiles that
   * nobody asks for are forgotten.
   */
  tidy(now: number): Instance[] {
    const givenUp = [...this.shelves.values()].flatMap((shelf) => (shelf.maxIdle === 0 ? shelf.takeAll() : []));
    if (now - this.#tidiedAt < TIDY_INTERVAL_MS) return givenUp;
    this.#tidiedAt = now;
    for (const shelf of this.shelves.values()) {
      const surplus = shelf.waitingCount === 0 && shelf.idleCount > shelf.idleTarget ? shelf.take() : undefined;
      if (surplus !== undefined) givenUp.push(surplus.instance);
      else if (shelf.isForgotten) this.shelves.delete(shelf.key);
    }
    return givenUp;
  }

  /** Whether nothing will change by the passing of time alone. */
  get isAtRest(): boolean {
    if (this.#queue.length > 0) return false;
    return [...this.shelves.values()].every((shelf) => shelf.minIdle > 0 && shelf.idleCount <= shelf.minIdle);
  }

  #isCrowding(shelf: ProfileShelf<Profile, Instance>, tenant: string): boolean {
    if (shelf.crowdingTenant !== tenant) return false;
    return this.held.countOf(tenant) > 0 || this.starting > 0 || this.leaving > 0 || this.room > 0;
  }

  #sum(count: (shelf: ProfileShelf<Profile, Instance>) => number): number {
    let sum = 0;
    for (const shelf of this.shelves.values()) sum += count(shelf);
    return sum;
  }
}
