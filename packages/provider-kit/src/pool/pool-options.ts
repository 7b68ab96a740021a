import type { ProviderTerms } from '../provider-terms.ts';
import type { Clock } from '@sandport/core';
import type { PoolObserver } from '../admission/pool-observer.ts';

/** Listens to an instance that nobody uses. */
export interface IdleListener {
  onFrame(): void;
  /** The instance has ended. */
  onEnd(): void;
}

/** What the pool needs to know of an instance. */
export interface PooledInstance {
  readonly connection: {
    /** Tells of the instance's end, at once when it has ended already. */
    listen(listener: IdleListener): void;
  };
}

/** How large a pool may become, and how long one may wait for it. */
export interface PoolLimits {
  /** Unused instances kept ready at least, for each profile in {@link InstancePool.keepWarm}. */
  readonly minIdle: number;
  /** Unused instances kept ready at most, for each profile, when demand asks for more than the least. */
  readonly maxIdle: number;
  /** Instances at one time: ready, in use, starting and going. */
  readonly maxInstances: number;
  /** Claims that may wait at one time. */
  readonly maxQueueLength: number;
  /** How long a claim may wait that does not say, in milliseconds. */
  readonly queueTimeoutMs: number;
}

/** What a pool is told. */
export interface InstancePoolOptions<Profile, Instance extends PooledInstance> extends PoolLimits {
  readonly terms: ProviderTerms;
  /** A text that is equal exactly for profiles whose instances can stand in for each other. */
  readonly keyOf: (profile: Profile) => string;
  /** Makes an instance that can take a job. The signal fires when the pool closes. */
  readonly start: (profile: Profile, signal: AbortSignal) => Promise<Instance>;
  /** Ends an instance. Never rejects: an instance that cannot be removed is the provider's to report. */
  readonly remove: (instance: Instance) => Promise<void>;
  /** Whether unused instances of this profile may be kept. Others are made for a claim, and removed when it is gone. @default true for all */
  readonly keepsIdle?: ((profile: Profile) => boolean) | undefined;
  readonly observer?: PoolObserver | undefined;
  readonly now?: Clock | undefined;
}

/** What a claim says besides its profile. */
export interface ClaimOptions {
  /** Whose claim it is; tenants take turns. @default 'default' */
  readonly tenant?: string | undefined;
  /** How long the claim may wait, in milliseconds. @default the pool's `queueTimeoutMs` */
  readonly maxWaitMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** An instance that was handed out, and how long that took. */
export interface ClaimedInstance<Instance> {
  readonly instance: Instance;
  /** Waiting for room, in milliseconds. */
  readonly queueMs: number;
  /** Obtaining or making the instance, in milliseconds. */
  readonly claimMs: number;
}

/** Instances that are made at the same time. More only slows each of them down. */
export const MAX_STARTING = 2;

/** While there is more than the least, how often the pool looks whether it is still wanted. */
export const TIDY_INTERVAL_MS = 2_000;
