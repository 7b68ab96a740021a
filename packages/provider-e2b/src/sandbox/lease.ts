import { retrySafely } from '@sandport/provider-kit';
import { isAbsent, isPassingOutside } from '../http/e2b-failure.ts';
import type { ServiceControl } from './service-control.ts';

/** What a lease is for. */
export interface LeaseOptions {
  readonly control: ServiceControl;
  readonly sandboxId: string;
  /** The service ends the sandbox when it was not put off for this time. */
  readonly abandonedAfterMs: number;
  /** When it has to end in any case, in milliseconds since the epoch. */
  readonly endsAtMs: number;
}

/** What is added to the idle time of a sandbox that waits for others: it is put off now and then only. */
const IDLE_FACTOR = 1.5;
const IDLE_SLACK_MS = 60_000;

/** Put off this often within its time. */
const TIMES = 3;

/**
 * Keeps the service from ending a sandbox as long as this process lives, and no longer. One that others may take over is kept for its idle time after it was last used, whoever lives.
 */
export class Lease {
  readonly #options: LeaseOptions;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;
  #idleTimeoutMs: number | undefined;
  #usedAtMs = Date.now();

  constructor(options: LeaseOptions) {
    this.#options = options;
  }

  /** Puts the end off from now on, again and again. */
  start(): void {
    this.#rest();
  }

  /**
   * Puts the end off at once, and then again and again.
   *
   * @returns `false` when the service cannot: the sandbox then ends as it was made to.
   */
  async tryToStart(signal: AbortSignal): Promise<boolean> {
    try {
      await this.#putOff(signal);
    } catch (error) {
      if (isAbsent(error)) return false;
      if (signal.aborted) throw error;
      // There is time enough until the next.
    }
    this.#rest();
    return true;
  }

  /** From now on it is to survive this time without use. */
  async keepIdle(idleTimeoutMs: number, signal: AbortSignal | undefined): Promise<void> {
    this.#idleTimeoutMs = idleTimeoutMs;
    this.noteUse();
    clearTimeout(this.#timer);
    try {
      await this.#putOff(signal);
    } catch (error) {
      // It was made for the whole time.
      if (isAbsent(error)) return;
      throw error;
    }
    this.#rest();
  }

  /** Somebody has used it. */
  noteUse(): void {
    this.#usedAtMs = Date.now();
  }

  /** How long the service keeps it when nobody says anything more, in milliseconds. */
  get timeoutMs(): number {
    const { abandonedAfterMs } = this.#options;
    return this.#idleTimeoutMs === undefined ? abandonedAfterMs : this.#idleTimeoutMs * IDLE_FACTOR + IDLE_SLACK_MS;
  }

  stop(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  #rest(): void {
    // Another turn may have begun while this one was under way.
    clearTimeout(this.#timer);
    if (this.#isOver) return;
    this.#timer = setTimeout(() => {
      const isWanted = this.#idleTimeoutMs === undefined || Date.now() - this.#usedAtMs < this.#idleTimeoutMs;
      void Promise.allSettled([isWanted ? this.#putOff() : undefined]).then(() => this.#rest());
    }, this.timeoutMs / TIMES).unref();
  }

  async #putOff(signal?: AbortSignal): Promise<void> {
    const { control, sandboxId, endsAtMs } = this.#options;
    const leftMs = endsAtMs - Date.now();
    if (leftMs <= 0) return;
    await retrySafely(() => control.setTimeout(sandboxId, Math.min(this.timeoutMs, leftMs), { signal }), {
      signal,
      isWorth: isPassingOutside,
    });
  }
}
