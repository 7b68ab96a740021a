import type { SandboxError } from '@sandport/core';
import { profileKey, type ContainerProfile } from '../container-spec.ts';
import { dockerError } from '../docker-errors.ts';
import type { SandboxContainer } from './sandbox-container.ts';

/** What a pool is told. */
export interface ContainerPoolOptions {
  /** Unused containers kept ready for each profile in {@link ContainerPool.keepWarm}. */
  readonly warmContainers: number;
  /** Containers at one time: ready, in use and starting. */
  readonly maxContainers: number;
  /** How long a claim may wait. */
  readonly queueTimeoutMs: number;
  /** Makes a container that can take a job. The signal fires when the pool closes. */
  readonly start: (profile: ContainerProfile, signal: AbortSignal) => Promise<SandboxContainer>;
  /** Ends a container. Never rejects: a container that cannot be removed is the provider's to report. */
  readonly remove: (container: SandboxContainer) => Promise<void>;
}

interface Waiter {
  readonly profile: ContainerProfile;
  readonly key: string;
  readonly resolve: (container: SandboxContainer) => void;
  readonly reject: (error: unknown) => void;
}

/** Containers that are made at the same time. More only slows each of them down. */
const MAX_STARTING = 2;

/** How long a claim from the stock puts off the making of the next container. The end of the call makes it begin at once. */
const REFILL_DELAY_MS = 100;

/** Pause after a start that failed, before the stock is filled up again; doubled each time, up to the longest. */
const MIN_RETRY_DELAY_MS = 500;
const MAX_RETRY_DELAY_MS = 30_000;

/**
 * Keeps unused containers ready and hands each of them out once. A container is claimed, used by one sandbox, and removed; the pool makes
 * another in the background.
 */
export class ContainerPool {
  readonly #options: ContainerPoolOptions;
  readonly #warm = new Map<string, ContainerProfile>();
  readonly #closing = new AbortController();
  readonly #removals = new Set<Promise<void>>();
  readonly #starts = new Set<Promise<void>>();
  readonly #busy = new Set<SandboxContainer>();
  #retryTimer: NodeJS.Timeout | undefined;
  #retryDelayMs = MIN_RETRY_DELAY_MS;
  #starting: string[] = [];
  #idle: SandboxContainer[] = [];
  #waiters: Waiter[] = [];

  constructor(options: ContainerPoolOptions) {
    this.#options = options;
  }

  /** Unused containers, for observation. */
  get idleCount(): number {
    return this.#idle.length;
  }

  /** Containers that exist, are being made, or are going. */
  get totalCount(): number {
    return this.#idle.length + this.#busy.size + this.#starting.length + this.#removals.size;
  }

  /** From now on some containers of this profile are kept ready. */
  keepWarm(profile: ContainerProfile): void {
    const key = profileKey(profile);
    if (this.#warm.has(key)) return;
    this.#warm.set(key, profile);
    this.#pump();
  }

  /**
   * Takes a container out of the pool, in the order of arrival. It must be given to {@link ContainerPool.discard} in the end.
   *
   * @throws SandboxError `CAPACITY_EXHAUSTED` after the longest wait, `CANCELLED`, `SANDBOX_CLOSED`, or why no container can be made.
   */
  async claim(profile: ContainerProfile, signal?: AbortSignal): Promise<SandboxContainer> {
    if (this.#closing.signal.aborted) throw closedError();
    if (signal?.aborted === true) throw cancelledError(signal);
    const ready = this.#takeIdle(profileKey(profile));
    if (ready !== undefined) {
      // Making a container takes the processor from the call that was just served; a short call is over before.
      setTimeout(() => this.#pump(), REFILL_DELAY_MS).unref();
      return ready;
    }
    return this.#wait(profile, signal);
  }

  /** Gives back a claimed container. It is removed, never used again. */
  async discard(container: SandboxContainer): Promise<void> {
    if (!this.#busy.delete(container)) return;
    await this.#remove(container);
  }

  /** Removes everything and settles every waiting claim. */
  async close(): Promise<void> {
    this.#closing.abort(closedError());
    clearTimeout(this.#retryTimer);
    for (const waiter of this.#waiters.splice(0)) waiter.reject(closedError());
    await Promise.allSettled(this.#starts);
    await Promise.allSettled([...this.#idle.splice(0), ...this.#busy].map((container) => this.#remove(container)));
    this.#busy.clear();
    await Promise.allSettled(this.#removals);
  }

  #takeIdle(key: string): SandboxContainer | undefined {
    this.#idle = this.#idle.filter((container) => container.connection.isOpen);
    const index = this.#idle.findIndex((container) => profileKey(container.profile) === key);
    if (index < 0) return undefined;
    const [container] = this.#idle.splice(index, 1);
    if (container !== undefined) this.#busy.add(container);
    return container;
  }

  #wait(profile: ContainerProfile, signal: AbortSignal | undefined): Promise<SandboxContainer> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
      };
      const waiter: Waiter = {
        profile,
        key: profileKey(profile),
        resolve: (container) => {
          settle();
          resolve(container);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      };
      const timer = setTimeout(() => waiter.reject(exhaustedError(this.#options)), this.#options.queueTimeoutMs);
      const onAbort = (): void => waiter.reject(cancelledError(signal));
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiters.push(waiter);
      this.#pump();
    });
  }

  /** Makes the containers that are missing: first for those who wait, in their order, then to keep some ready. */
  #pump(): void {
    if (this.#closing.signal.aborted) return;
    for (const profile of this.#missing()) {
      if (this.#starting.length >= MAX_STARTING) return;
      if (this.totalCount >= this.#options.maxContainers && !this.#makeRoom(profileKey(profile))) return;
      this.#startOne(profile);
    }
  }

  *#missing(): Generator<ContainerProfile> {
    const coming = this.#countByKey(this.#starting);
    for (const waiter of this.#waiters) {
      const expected = coming.get(waiter.key) ?? 0;
      if (expected > 0) coming.set(waiter.key, expected - 1);
      else yield waiter.profile;
    }
    const ready = this.#countByKey(this.#idle.map((container) => profileKey(container.profile)));
    for (const [key, profile] of this.#warm) {
      const present = (ready.get(key) ?? 0) + (coming.get(key) ?? 0);
      for (let missing = this.#options.warmContainers - present; missing > 0; missing -= 1) yield profile;
    }
  }

  #countByKey(keys: readonly string[]): Map<string, number> {
    const counts = new Map<string, number>();
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
    return counts;
  }

  /** Gives up an unused container of another profile when somebody waits and the pool is full. */
  #makeRoom(key: string): boolean {
    if (!this.#waiters.some((waiter) => waiter.key === key)) return false;
    const index = this.#idle.findIndex((container) => profileKey(container.profile) !== key);
    const [victim] = index < 0 ? [] : this.#idle.splice(index, 1);
    if (victim === undefined) return false;
    void this.#remove(victim);
    return true;
  }

  #startOne(profile: ContainerProfile): void {
    const key = profileKey(profile);
    this.#starting.push(key);
    const start = this.#options
      .start(profile, this.#closing.signal)
      .then(
        (container) => this.#started(container, key),
        (error: unknown) => this.#failed(key, error),
      )
      .finally(() => this.#starts.delete(start));
    this.#starts.add(start);
  }

  #started(container: SandboxContainer, key: string): void {
    this.#starting.splice(this.#starting.indexOf(key), 1);
    this.#retryDelayMs = MIN_RETRY_DELAY_MS;
    container.connection.listen({ onFrame: () => undefined, onEnd: () => this.#lost(container) });
    const waiter = this.#waiters.find((candidate) => candidate.key === key);
    if (waiter !== undefined) {
      this.#busy.add(container);
      waiter.resolve(container);
    } else if (this.#isWanted(key)) {
      this.#idle.push(container);
    } else {
      void this.#remove(container);
    }
    this.#pump();
  }

  /** Whether one more unused container of this profile is to be kept; the claim it was made for may be gone. */
  #isWanted(key: string): boolean {
    const ready = this.#idle.filter((container) => profileKey(container.profile) === key).length;
    return this.#warm.has(key) && ready < this.#options.warmContainers && !this.#closing.signal.aborted;
  }

  /** A start that failed is told to everybody who waits for one like it. The stock is filled up again after a pause that grows. */
  #failed(key: string, error: unknown): void {
    this.#starting.splice(this.#starting.indexOf(key), 1);
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => this.#pump(), this.#retryDelayMs).unref();
    this.#retryDelayMs = Math.min(this.#retryDelayMs * 2, MAX_RETRY_DELAY_MS);
    for (const waiter of this.#waiters.filter((candidate) => candidate.key === key)) waiter.reject(error);
  }

  #lost(container: SandboxContainer): void {
    if (!this.#idle.includes(container)) return;
    this.#idle = this.#idle.filter((other) => other !== container);
    void this.#remove(container);
    this.#pump();
  }

  async #remove(container: SandboxContainer): Promise<void> {
    const removal = this.#options.remove(container).finally(() => {
      this.#removals.delete(removal);
      this.#pump();
    });
    this.#removals.add(removal);
    await removal;
  }
}

function closedError(): SandboxError {
  return dockerError('SANDBOX_CLOSED', 'claim container', 'The provider was closed.', { suggestion: 'Create a new provider.' });
}

function cancelledError(signal: AbortSignal | undefined): SandboxError {
  return dockerError('CANCELLED', 'claim container', 'The call was withdrawn while it waited for a container.', {
    suggestion: 'Nothing was run; call again when it is wanted.',
    cause: signal?.reason,
  });
}

function exhaustedError(options: ContainerPoolOptions): SandboxError {
  return dockerError('CAPACITY_EXHAUSTED', 'claim container', `No container became free within ${options.queueTimeoutMs} ms.`, {
    suggestion: 'Call again later, or raise "maxContainers" where the machine can carry it.',
    retryAfterMs: 1_000,
  });
}
