import { OWNER_LABEL, POOL_LABEL } from '../container-spec.ts';
import type { DockerEngine } from '../engine/docker-engine.ts';
import { thisHolder } from './holder.ts';
import { HOLDER_LABEL, RENEWAL_MS } from './lease-labels.ts';

/** What a lease is told. */
export interface LeaseOptions {
  readonly engine: DockerEngine;
  readonly poolId: string;
  /** Hears of renewals that failed. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Tells everybody who uses the same engine that a pool's containers have a living owner. Labels cannot be changed, so the lease is a small volume that is made
 * anew every few seconds: the engine's own clock says when it was renewed last, whatever the clocks of those who look.
 */
export class Lease {
  readonly #options: LeaseOptions;
  #taking: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #renewal: Promise<void> | undefined;
  #count = 0;
  #isReleased = false;

  constructor(options: LeaseOptions) {
    this.#options = options;
  }

  /**
   * Takes the lease, once, and from then on renews it. It comes before the first container.
   *
   * @throws SandboxError `PROVIDER_UNAVAILABLE`; the next call tries again.
   */
  take(): Promise<void> {
    this.#taking ??= this.#take().catch((error: unknown) => {
      this.#taking = undefined;
      throw error;
    });
    return this.#taking;
  }

  /** Gives the lease back. Idempotent. */
  async release(): Promise<void> {
    if (this.#isReleased) return;
    this.#isReleased = true;
    clearInterval(this.#timer);
    await Promise.allSettled([this.#taking, this.#renewal]);
    if (this.#taking === undefined) return;
    try {
      await this.#options.engine.removeVolume(this.#name(this.#count));
    } catch (error) {
      this.#options.onFailure(error);
    }
  }

  async #take(): Promise<void> {
    await this.#make(0);
    if (this.#isReleased) return;
    this.#timer = setInterval(() => {
      this.#renewal ??= this.#renew().finally(() => {
        this.#renewal = undefined;
      });
    }, RENEWAL_MS).unref();
  }

  async #renew(): Promise<void> {
    try {
      await this.#make(this.#count + 1);
      this.#count += 1;
      await this.#options.engine.removeVolume(this.#name(this.#count - 1));
    } catch (error) {
      this.#options.onFailure(error);
    }
  }

  async #make(count: number): Promise<void> {
    const { engine, poolId } = this.#options;
    await engine.createVolume(this.#name(count), { [OWNER_LABEL]: 'sandport', [POOL_LABEL]: poolId, [HOLDER_LABEL]: thisHolder() });
  }

  #name(count: number): string {
    return `sandport-lease-${this.#options.poolId}-${count}`;
  }
}
