import { CircuitBreaker, monotonicClock } from '@sandport/core';
import { DemandEstimate } from '../admission/demand-estimate.ts';
import { TenantUse } from '../admission/tenant-use.ts';
import { isLasting } from './pool-errors.ts';
import type { InstancePoolOptions, PooledInstance } from './pool-options.ts';

/** Pause before the first probe after repeated failure, and the longest one. A pool is to be back soon after the engine is. */
const MIN_PROBE_PAUSE_MS = 500;
const MAX_PROBE_PAUSE_MS = 2_000;

/** An instance on the shelf. */
export interface ShelvedInstance<Instance> {
  readonly instance: Instance;
  /** When its making began. */
  readonly begunAt: number;
}

/** An instance that is being made. */
export interface PendingStart {
  readonly begunAt: number;
}

/** What a pool knows and has of one profile: unused instances, those on their way, the demand, and whether making them works. */
export class ProfileShelf<Profile, Instance extends PooledInstance> {
  readonly key: string;
  readonly profile: Profile;
  readonly breaker: CircuitBreaker;
  readonly demand: DemandEstimate;
  readonly use: TenantUse;
  readonly starts = new Set<PendingStart>();
  /** Claims that wait for an instance of this profile. */
  waitingCount = 0;
  readonly #options: InstancePoolOptions<Profile, Instance>;
  readonly #keepsIdle: boolean;
  #minIdle = 0;
  #idle: ShelvedInstance<Instance>[] = [];

  constructor(profile: Profile, options: InstancePoolOptions<Profile, Instance>) {
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

  /** Unused instances to have at most. */
  get maxIdle(): number {
    return this.#keepsIdle ? Math.max(this.#options.maxIdle, this.#minIdle) : 0;
  }

  /** Unused instances to have now: from demand, and one more while a tenant crowds others, for the others. */
  get idleTarget(): number {
    const wanted = this.demand.idleTarget({ minimum: this.#minIdle, maximum: this.maxIdle });
    return Math.min(this.maxIdle, wanted + (this.crowdingTenant === undefined ? 0 : 1));
  }

  /** The tenant that is not to take the last unused instance from the others, when there is one, and where more than one may be kept. */
  get crowdingTenant(): string | undefined {
    return this.maxIdle > 1 && this.#options.maxInstances > 1 ? this.use.crowdingTenant : undefined;
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

  /** Somebody asks for an instance. */
  noteArrival(tenant: string): void {
    this.demand.noteArrival();
    this.use.note(tenant);
  }

  /** Takes in an instance that was made. */
  put(made: ShelvedInstance<Instance>, durationMs: number): void {
    this.breaker.succeeded();
    this.demand.noteCreation(durationMs);
    this.#idle.push(made);
  }

  /** The instance that has been here longest. */
  take(): ShelvedInstance<Instance> | undefined {
    return this.#idle.shift();
  }

  takeAll(): Instance[] {
    return this.#idle.splice(0).map(({ instance }) => instance);
  }

  /** Takes this instance off the shelf. Says whether it was there. */
  drop(instance: Instance): boolean {
    const before = this.#idle.length;
    this.#idle = this.#idle.filter((shelved) => shelved.instance !== instance);
    return this.#idle.length < before;
  }

  /** Making one failed. */
  failed(error: unknown): void {
    this.breaker.failed(error, isLasting(error));
  }
}
