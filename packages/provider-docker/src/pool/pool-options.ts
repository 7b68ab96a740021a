import type { Clock, PoolObserver } from '@sandport/provider-kit';

/** Listens to a container that nobody uses. */
export interface IdleListener {
  onFrame(): void;
  /** The container has ended. */
  onEnd(): void;
}

/** What the pool needs to know of a container. */
export interface PooledContainer {
  readonly connection: {
    /** Tells of the container's end, at once when it has ended already. */
    listen(listener: IdleListener): void;
  };
}

/** How large a pool may become, and how long one may wait for it. */
export interface PoolLimits {
  /** Unused containers kept ready at least, for each profile in {@link ContainerPool.keepWarm}. */
  readonly minIdle: number;
  /** Unused containers kept ready at most, for each profile, when demand asks for more than the least. */
  readonly maxIdle: number;
  /** Containers at one time: ready, in use, starting and going. */
  readonly maxContainers: number;
  /** Claims that may wait at one time. */
  readonly maxQueueLength: number;
  /** How long a claim may wait that does not say, in milliseconds. */
  readonly queueTimeoutMs: number;
}

/** What a pool is told. */
export interface ContainerPoolOptions<Profile, Container extends PooledContainer> extends PoolLimits {
  /** A text that is equal exactly for profiles whose containers can stand in for each other. */
  readonly keyOf: (profile: Profile) => string;
  /** Makes a container that can take a job. The signal fires when the pool closes. */
  readonly start: (profile: Profile, signal: AbortSignal) => Promise<Container>;
  /** Ends a container. Never rejects: a container that cannot be removed is the provider's to report. */
  readonly remove: (container: Container) => Promise<void>;
  /** Whether unused containers of this profile may be kept. Others are made for a claim, and removed when it is gone. @default true for all */
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

/** A container that was handed out, and how long that took. */
export interface ClaimedContainer<Container> {
  readonly container: Container;
  /** Waiting for room, in milliseconds. */
  readonly queueMs: number;
  /** Obtaining or making the container, in milliseconds. */
  readonly claimMs: number;
}

/** Containers that are made at the same time. More only slows each of them down. */
export const MAX_STARTING = 2;

/** While there is more than the least, how often the pool looks whether it is still wanted. */
export const TIDY_INTERVAL_MS = 2_000;
