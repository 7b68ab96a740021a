import { CircuitBreaker, DemandEstimate, monotonicClock, TenantUse } from '@sandport/provider-kit';
import { isLasting } from './pool-errors.ts';
import type { ContainerPoolOptions, PooledContainer } from './pool-options.ts';

/** Pause before the first probe after repeated failure, and the longest one. A pool is to be back soon after the engine is. */
const MIN_PROBE_PAUSE_MS = 500;
const MAX_PROBE_PAUSE_MS = 2_000;

/** A container on the shelf. */
export interface ShelvedContainer<Container> {
  readonly container: Container;
  /** When its making began. */
  readonly begunAt: number;
}

/** A container that is being made. */
export interface PendingStart {
  readonly begunAt: number;
}

/** What a pool knows and has of one profile: unused containers, those on their way, the demand, and whether making them works. */
export class ProfileShelf<Profile, Container extends PooledContainer> {
  readonly key: string;
  readonly profile: Profile;
  readonly breaker: CircuitBreaker;
  readonly demand: DemandEstimate;
  readonly use: TenantUse;
  readonly starts = new Set<PendingStart>();
  /** Claims that wait for a container of this profile. */
  waitingCount = 0;
  readonly #options: ContainerPoolOptions<Profile, Container>;
  readonly #keepsIdle: boolean;
  #minIdle = 0;
  #idle: ShelvedContainer<Container>[] = [];

  constructor(profile: Profile, options: ContainerPoolOptions<Profile, Container>) {
    const now = options.now ?? monotonicClock;
    this.key = options.keyOf(profile);
    this.profile = profile;
    this.#options = options;
    this.#keepsIdle = options.keepsIdle?.(profile) ?? true;
    this.demand = new DemandEstimate({ now });
    this.use = new TenantUse(now);
    this.breaker = new CircuitBreaker({
      minPauseMs: MIN_PROBE_PAUSE_MS,
      maxPauseMs: MAX_PROBE_PAUSE_MS,
      now,
      onChange: (state, reason) => options.observer?.breakerChanged?.({ profile: this.key, state, reason }),
    });
  }

  get idleCount(): number {
    return this.#idle.length;
  }

  get minIdle(): number {
    return this.#minIdle;
  }

  /** Unused containers to have at most. */
  get maxIdle(): number {
    return this.#keepsIdle ? Math.max(this.#options.maxIdle, this.#minIdle) : 0;
  }

  /** Unused containers to have now: from demand, and one more while a tenant crowds others, for the others. */
  get idleTarget(): number {
    const wanted = this.demand.idleTarget({ minimum: this.#minIdle, maximum: this.maxIdle });
    return Math.min(this.maxIdle, wanted + (this.crowdingTenant === undefined ? 0 : 1));
  }

  /** The tenant that is not to take the last unused container from the others, when there is one, and where more than one may be kept. */
  get crowdingTenant(): string | undefined {
    return this.maxIdle > 1 && this.#options.maxContainers > 1 ? this.use.crowdingTenant : undefined;
  }

  /** Nothing is here and nobody has asked lately. */
  get isForgotten(): boolean {
    const isEmpty = this.#idle.length === 0 && this.starts.size === 0 && this.waitingCount === 0 && this.#minIdle === 0;
    return isEmpty && this.use.isForgotten && this.breaker.allowsAttempt;
  }

  /** From now on at least so many are kept as the options say. Says whether this is news. */
  keepWarm(): boolean {
    const before = this.#minIdle;
    this.#minIdle = this.#keepsIdle ? this.#options.minIdle : 0;
    return this.#minIdle !== before;
  }

  /** Somebody asks for a container. */
  noteArrival(tenant: string): void {
    this.demand.noteArrival();
    this.use.note(tenant);
  }

  /** Takes in a container that was made. */
  put(made: ShelvedContainer<Container>, durationMs: number): void {
    this.breaker.succeeded();
    this.demand.noteCreation(durationMs);
    this.#idle.push(made);
  }

  /** The container that has been here longest. */
  take(): ShelvedContainer<Container> | undefined {
    return this.#idle.shift();
  }

  takeAll(): Container[] {
    return this.#idle.splice(0).map(({ container }) => container);
  }

  /** Takes this container off the shelf. Says whether it was there. */
  drop(container: Container): boolean {
    const before = this.#idle.length;
    this.#idle = this.#idle.filter((shelved) => shelved.container !== container);
    return this.#idle.length < before;
  }

  /** Making one failed. */
  failed(error: unknown): void {
    this.breaker.failed(error, isLasting(error));
  }
}
