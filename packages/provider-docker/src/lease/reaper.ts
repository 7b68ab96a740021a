import type { DockerEngine } from '../engine/docker-engine.ts';
import { findLeftBehind, takeStock } from './find-left-behind.ts';
import { SECOND_LOOK_MS } from './lease-labels.ts';
import type { LeftBehind } from './left-behind.ts';
import { removeAll } from './remove-all.ts';

/** How often a process of ours looks for what others have left behind. */
const ROUND_MS = 60_000;

/** How long after a failure the removal of a container is tried again. By then an engine has also made what it was asked for before its connection was lost. */
const DEBT_MS = 2_000;

/** What a reaper is told. */
export interface ReaperOptions {
  readonly engine: DockerEngine;
  /** Hears of rounds and removals that failed. */
  readonly onFailure: (error: unknown) => void;
}

/** Removes what processes that no longer live have left in an engine: now, and every minute. */
export class Reaper {
  readonly #options: ReaperOptions;
  readonly #suspects = new Map<string, number>();
  readonly #owed = new Set<string>();
  /** What was gone already. An engine under load may make it after that: it is looked for once more, with the next round and at the end. */
  readonly #thoughtGone = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #debtTimer: NodeJS.Timeout | undefined;
  #round: Promise<readonly LeftBehind[]> | undefined;
  #payment: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: ReaperOptions) {
    this.#options = options;
  }

  /** Begins; calls after the first do nothing. It never keeps the process alive. */
  start(): void {
    if (this.#timer !== undefined || this.#isClosed) return;
    this.#timer = setInterval(() => void this.runOnce(), ROUND_MS).unref();
    void this.runOnce();
  }

  /** Tries the removal of a container of our own in a moment, and again until it has gone. */
  owe(containerName: string): void {
    this.#owed.add(containerName);
    this.#payLater();
  }

  /** One round; a round that runs is shared. It never rejects: failures are told to the listener. */
  runOnce(): Promise<readonly LeftBehind[]> {
    this.#round ??= this.#run()
      .catch((error: unknown) => {
        this.#options.onFailure(error);
        return [];
      })
      .finally(() => {
        this.#round = undefined;
      });
    return this.#round;
  }

  /** Ends after the round that runs and a last try of what is still owed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    clearTimeout(this.#debtTimer);
    await this.#round;
    await this.#pay();
    await this.#removeEach(this.#thoughtGone);
  }

  #payLater(): void {
    if (this.#isClosed || this.#owed.size === 0) return;
    this.#debtTimer ??= setTimeout(() => {
      this.#debtTimer = undefined;
      void this.#pay();
    }, DEBT_MS).unref();
  }

  /** Never rejects; a payment that runs is shared. */
  #pay(): Promise<void> {
    this.#payment ??= this.#removeOwed().finally(() => {
      this.#payment = undefined;
      this.#payLater();
    });
    return this.#payment;
  }

  async #removeOwed(): Promise<void> {
    for (const name of await this.#removeEach(this.#owed)) this.#thoughtGone.add(name);
  }

  /** Takes out of the set what was removed. */
  async #removeEach(names: Set<string>): Promise<readonly string[]> {
    const removed: string[] = [];
    for (const name of names) {
      try {
        await this.#options.engine.removeContainer(name);
        names.delete(name);
        removed.push(name);
      } catch (error) {
        this.#options.onFailure(error);
        // The others would wait as long for the same engine.
        break;
      }
    }
    return removed;
  }

  async #run(): Promise<readonly LeftBehind[]> {
    const { engine } = this.#options;
    await this.#removeEach(this.#thoughtGone);
    const stock = await takeStock(engine);
    const found = findLeftBehind(stock);
    const certain = found.filter((each) => each.isCertain || stock.nowMs - (this.#suspects.get(each.id) ?? stock.nowMs) >= SECOND_LOOK_MS);
    const firstSeen = found.map(({ id }) => [id, this.#suspects.get(id) ?? stock.nowMs] as const);
    this.#suspects.clear();
    for (const [id, seenAtMs] of firstSeen) this.#suspects.set(id, seenAtMs);
    return removeAll(engine, certain, this.#options.onFailure);
  }
}
