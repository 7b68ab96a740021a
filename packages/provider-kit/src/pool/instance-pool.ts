import { monotonicClock, type Clock, type PoolState } from '@sandport/core';
import { InstanceMaker } from './instance-maker.ts';
import { describePool, type PoolCounts, type PoolDescription } from './pool-description.ts';
import { brokenError, closedError, withdrawnError } from './pool-errors.ts';
import type { ClaimedInstance, ClaimOptions, InstancePoolOptions, PooledInstance } from './pool-options.ts';
import { PoolStock, type ShelfClaim } from './pool-stock.ts';
import { PoolTimers } from './pool-timers.ts';
import type { ProfileShelf, ShelvedInstance } from './profile-shelf.ts';
import { lateRefusal, refusalOf } from './refusal.ts';
import { forecastWaitMs } from './wait-forecast.ts';
import { WaitingClaim } from './waiting-claim.ts';

const DEFAULT_TENANT = 'default';

/**
 * Keeps unused instances ready and hands each of them out once. Instances are kept per profile, as many as demand asks for, inside one
 * maximum. Who finds none waits in a bounded queue in which tenants take turns, or is refused at once when the wait would be too long.
 */
export class InstancePool<Profile, Instance extends PooledInstance> {
  readonly #options: InstancePoolOptions<Profile, Instance>;
  readonly #now: Clock;
  readonly #stock: PoolStock<Profile, Instance>;
  readonly #maker: InstanceMaker<Profile, Instance>;
  readonly #timers = new PoolTimers(() => this.#pump());
  readonly #closing = new AbortController();
  readonly #counts: { -readonly [Name in keyof PoolCounts]: number };

  constructor(options: InstancePoolOptions<Profile, Instance>) {
    this.#options = options;
    this.#now = options.now ?? monotonicClock;
    this.#counts = { claims: 0, hits: 0, refusals: 0, creates: 0, createFailures: 0, deaths: 0 };
    this.#stock = new PoolStock(options);
    const events = {
      onMade: this.#made.bind(this),
      onFailed: this.#failed.bind(this),
      onGone: () => this.#pump(),
    };
    this.#maker = new InstanceMaker(options, this.#stock, events, this.#closing.signal);
  }

  /** From now on some instances of this profile are kept ready. */
  keepWarm(profile: Profile): void {
    if (this.#closing.signal.aborted) return;
    const shelf = this.#stock.shelfOf(profile);
    if (shelf.keepWarm()) this.#pump();
  }

  /**
   * Takes an instance out of the pool. It must be given to {@link InstancePool.discard} in the end.
   *
   * @throws SandboxError `CAPACITY_EXHAUSTED` with `retryAfterMs`, at once when the wait would take longer than allowed or too many wait, and else
   *   after the longest wait; what making instances fails with, also at once while it keeps failing; `CANCELLED`, `SANDBOX_CLOSED`.
   */
  async claim(profile: Profile, options: ClaimOptions = {}): Promise<ClaimedInstance<Instance>> {
    const { tenant = DEFAULT_TENANT, maxWaitMs = this.#options.queueTimeoutMs, signal } = options;
    if (this.#closing.signal.aborted) throw closedError(this.#options.terms);
    if (signal?.aborted === true) throw withdrawnError(this.#options.terms, signal);
    const arrivedAt = this.#now();
    const shelf = this.#stock.shelfOf(profile);
    this.#counts.claims += 1;
    shelf.noteArrival(tenant);
    const ready = this.#stock.mayTake(shelf, tenant) ? shelf.take() : undefined;
    if (ready !== undefined) {
      this.#counts.hits += 1;
      this.#timers.pumpAfterHit();
      return this.#handOut(ready, { shelf, tenant, arrivedAt }, true);
    }
    const forecastMs = forecastWaitMs(this.#stock, shelf, tenant, arrivedAt);
    const refusal = refusalOf(this.#stock, shelf, { tenant, maxWaitMs, forecastMs });
    if (refusal !== undefined) throw this.#noteRefusal(refusal, { shelf, tenant, arrivedAt });
    return this.#wait({ shelf, tenant, arrivedAt, maxWaitMs, signal, forecastMs: this.#stock.hasExperience(shelf) ? forecastMs : null });
  }

  /** Gives back a claimed instance. It is removed, never used again. Resolves when it has gone. */
  async discard(instance: Instance): Promise<void> {
    const hold = this.#stock.held.end(instance);
    if (hold === undefined) return;
    await this.#maker.remove(instance);
    this.#stock.held.noteGone(this.#now() - hold.since);
  }

  /** The pool's state, as plain facts, for health and metrics. */
  describe(): PoolDescription {
    return describePool(this.#stock, this.#options.maxInstances, this.#counts);
  }

  /** The numbers alone, for who looks often. */
  state(): PoolState {
    const { idle, held, starting, waiting } = this.#stock;
    return { idle, busy: held.count, starting, waiting };
  }

  /** Removes everything and settles every waiting claim. */
  async close(): Promise<void> {
    this.#closing.abort(closedError(this.#options.terms));
    this.#timers.stop();
    for (const claim of this.#stock.waitingClaims()) this.#refuse(claim, closedError(this.#options.terms));
    await this.#maker.startsDone();
    const idle = [...this.#stock.shelves.values()].flatMap((shelf) => shelf.takeAll());
    const held = this.#stock.held.instances;
    for (const instance of held) this.#stock.held.end(instance);
    await Promise.allSettled([...idle, ...held].map((instance) => this.#maker.remove(instance)));
    await this.#maker.removalsDone();
  }

  #wait(
    claimed: ConstructorParameters<typeof WaitingClaim<ProfileShelf<Profile, Instance>, Instance>>[0],
  ): Promise<ClaimedInstance<Instance>> {
    const claim: ShelfClaim<Profile, Instance> = new WaitingClaim(claimed, {
      onTimeout: () => this.#refuse(claim, lateRefusal(this.#stock, claim, this.#now())),
      onAbort: () => this.#refuse(claim, withdrawnError(this.#options.terms, claimed.signal)),
    });
    this.#stock.enqueue(claim);
    this.#pump();
    return claim.promise;
  }

  /** Moves on whatever can move: hands out what is ready, then makes what is missing. Called whenever something changed. */
  #pump(): void {
    if (this.#closing.signal.aborted) return;
    for (const shelf of this.#stock.shelves.values()) this.#serve(shelf);
    for (const instance of this.#stock.tidy(this.#now())) void this.#maker.remove(instance);
    this.#maker.makeWanted();
    this.#timers.watch(this.#stock);
  }

  #serve(shelf: ProfileShelf<Profile, Instance>): void {
    for (let claim = this.#stock.takeClaimFor(shelf); claim !== undefined; claim = this.#stock.takeClaimFor(shelf)) {
      const ready = shelf.take();
      if (ready === undefined) return;
      this.#stock.noteWait(claim, this.#now() - claim.arrivedAt);
      claim.resolve(this.#handOut(ready, claim, false));
    }
  }

  #handOut({ instance, begunAt }: ShelvedInstance<Instance>, claim: Claimant<Profile, Instance>, hit: boolean): ClaimedInstance<Instance> {
    const { shelf, tenant, arrivedAt } = claim;
    const now = this.#now();
    const queueMs = Math.min(now - arrivedAt, Math.max(0, begunAt - arrivedAt));
    const claimMs = now - arrivedAt - queueMs;
    this.#stock.held.add(instance, { tenant, key: shelf.key, since: now });
    this.#options.observer?.claimed?.({ profile: shelf.key, tenant, queueMs, claimMs, hit });
    return { instance, queueMs, claimMs };
  }

  #made(shelf: ProfileShelf<Profile, Instance>, made: ShelvedInstance<Instance>, durationMs: number): void {
    if (this.#closing.signal.aborted) {
      void this.#maker.remove(made.instance);
      return;
    }
    this.#counts.creates += 1;
    this.#options.observer?.created?.({ profile: shelf.key, durationMs });
    shelf.put(made, durationMs);
    made.instance.connection.listen({ onFrame: () => undefined, onEnd: () => this.#lost(shelf, made.instance) });
    this.#pump();
  }

  /** A start that failed is told to one who waits for it, next in turn; to all of them when no more are begun for now. */
  #failed(shelf: ProfileShelf<Profile, Instance>, error: unknown, durationMs: number): void {
    if (this.#closing.signal.aborted) return;
    this.#counts.createFailures += 1;
    this.#options.observer?.createFailed?.({ profile: shelf.key, durationMs, error });
    shelf.failed(error);
    const [first, ...others] = this.#stock.waitingClaims().filter((claim) => claim.shelf === shelf);
    if (first !== undefined) this.#refuse(first, error);
    if (shelf.breaker.state === 'open')
      for (const claim of others) this.#refuse(claim, brokenError(this.#options.terms, error, shelf.breaker.nextProbeMs));
    this.#pump();
  }

  /** An unused instance has ended by itself; the next round replaces it. */
  #lost(shelf: ProfileShelf<Profile, Instance>, instance: Instance): void {
    if (!shelf.drop(instance)) return;
    this.#counts.deaths += 1;
    this.#options.observer?.died?.({ profile: shelf.key });
    void this.#maker.remove(instance);
    this.#pump();
  }

  #refuse(claim: ShelfClaim<Profile, Instance>, error: unknown): void {
    this.#stock.dequeue(claim);
    claim.reject(this.#noteRefusal(error, claim));
  }

  #noteRefusal<Refusal>(error: Refusal, { shelf, tenant, arrivedAt }: Claimant<Profile, Instance>): Refusal {
    this.#counts.refusals += 1;
    this.#options.observer?.refused?.({ profile: shelf.key, tenant, error, waitedMs: this.#now() - arrivedAt });
    return error;
  }
}

/** Who claims what. */
interface Claimant<Profile, Instance extends PooledInstance> {
  readonly shelf: ProfileShelf<Profile, Instance>;
  readonly tenant: string;
  readonly arrivedAt: number;
}
