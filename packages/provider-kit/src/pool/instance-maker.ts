import { monotonicClock } from '@sandport/core';
import { MAX_STARTING, type InstancePoolOptions, type PooledInstance } from './pool-options.ts';
import type { PoolStock } from './pool-stock.ts';
import type { PendingStart, ProfileShelf, ShelvedInstance } from './profile-shelf.ts';

/** What a maker tells of. */
export interface InstanceMakerEvents<Profile, Instance extends PooledInstance> {
  onMade(shelf: ProfileShelf<Profile, Instance>, made: ShelvedInstance<Instance>, durationMs: number): void;
  onFailed(shelf: ProfileShelf<Profile, Instance>, error: unknown, durationMs: number): void;
  /** An instance has gone, and its room is free. */
  onGone(): void;
}

/** Makes the instances that a stock wants, within its room, and removes those that are given up. It waits for both in the end. */
export class InstanceMaker<Profile, Instance extends PooledInstance> {
  readonly #options: InstancePoolOptions<Profile, Instance>;
  readonly #stock: PoolStock<Profile, Instance>;
  readonly #events: InstanceMakerEvents<Profile, Instance>;
  readonly #signal: AbortSignal;
  readonly #starts = new Set<Promise<void>>();
  readonly #removals = new Set<Promise<void>>();

  constructor(
    options: InstancePoolOptions<Profile, Instance>,
    stock: PoolStock<Profile, Instance>,
    events: InstanceMakerEvents<Profile, Instance>,
    signal: AbortSignal,
  ) {
    this.#options = options;
    this.#stock = stock;
    this.#events = events;
    this.#signal = signal;
  }

  /** Begins what is wanted most and can be begun. */
  makeWanted(): void {
    let roomComing = this.#stock.leaving;
    let places = MAX_STARTING - this.#stock.starting;
    if (places <= 0) return;
    for (const { shelf, isUrgent } of this.#stock.wantedStarts()) {
      if (!shelf.breaker.allowsAttempt) continue;
      if (this.#stock.room > 0) this.#begin(shelf);
      else if (!isUrgent) return;
      else if (roomComing > 0) roomComing -= 1;
      else if (!this.#makeRoomFor(shelf)) return;
      places -= 1;
      if (places <= 0) return;
    }
  }

  /** Removes an instance. Its room counts as taken until it has gone. */
  async remove(instance: Instance): Promise<void> {
    this.#stock.leaving += 1;
    const removal = this.#options.remove(instance).finally(() => {
      this.#removals.delete(removal);
      this.#stock.leaving -= 1;
      this.#events.onGone();
    });
    this.#removals.add(removal);
    await removal;
  }

  /** Resolves when nothing is being made any more. */
  async startsDone(): Promise<void> {
    await Promise.allSettled(this.#starts);
  }

  /** Resolves when everything that was given up has gone. */
  async removalsDone(): Promise<void> {
    await Promise.allSettled(this.#removals);
  }

  #makeRoomFor(shelf: ProfileShelf<Profile, Instance>): boolean {
    const victim = this.#stock.victimFor(shelf)?.take();
    if (victim === undefined) return false;
    void this.remove(victim.instance);
    return true;
  }

  #begin(shelf: ProfileShelf<Profile, Instance>): void {
    if (!shelf.breaker.attempt()) return;
    const now = this.#options.now ?? monotonicClock;
    const pending: PendingStart = { begunAt: now() };
    shelf.starts.add(pending);
    const start = this.#options
      .start(shelf.profile, this.#signal)
      .finally(() => shelf.starts.delete(pending))
      .then(
        (instance) => this.#events.onMade(shelf, { instance, begunAt: pending.begunAt }, now() - pending.begunAt),
        (error: unknown) => this.#events.onFailed(shelf, error, now() - pending.begunAt),
      )
      .finally(() => this.#starts.delete(start));
    this.#starts.add(start);
  }
}
