import { isAbsent } from '../http/e2b-failure.ts';
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

/** Put off this often within its time. */
const TIMES = 3;

/** Keeps the service from ending a sandbox as long as this process lives, and no longer. */
export class Lease {
  readonly #options: LeaseOptions;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(options: LeaseOptions) {
    this.#options = options;
  }

  /**
   * Puts the end off for the first time, and from now on again and again.
   *
   * @returns `false` when the service cannot: the sandbox then ends as it was made to.
   */
  async start(signal: AbortSignal): Promise<boolean> {
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

  stop(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  #rest(): void {
    if (this.#isOver) return;
    this.#timer = setTimeout(() => {
      void Promise.allSettled([this.#putOff()]).then(() => this.#rest());
    }, this.#options.abandonedAfterMs / TIMES).unref();
  }

  async #putOff(signal?: AbortSignal): Promise<void> {
    const { control, sandboxId, abandonedAfterMs, endsAtMs } = this.#options;
    const leftMs = endsAtMs - Date.now();
    if (leftMs <= 0) return;
    await control.setTimeout(sandboxId, Math.min(abandonedAfterMs, leftMs), { signal });
  }
}
