import { monotonicClock, type Clock, type SettingsCallOptions } from '@sandport/core';
import { keysWithdrawn } from './key-errors.ts';
import type { KeyRing } from './key-ring.ts';
import { loadKeyRing, type KeySourceOptions } from './master-key-sources.ts';
import { SharedWork } from './shared-work.ts';

/** How keys are read and read again. */
export interface KeyRingSourceOptions extends KeySourceOptions {
  /** For how long a reading, also one that failed, counts as fresh, in milliseconds. @default 5000 */
  readonly freshForMs?: number;
  readonly clock?: Clock;
}

type Reading = { readonly atMs: number } & ({ readonly ring: KeyRing | undefined } | { readonly failure: unknown });

/**
 * The master keys of a running program. They are read when they are needed first, and again when a row needs a key that was not among them, so that keys can be replaced without a restart.
 * However many rows ask, the source is read once at a time, and not again for some seconds.
 *
 * Its calls throw what `loadKeyRing` throws. After a failure the keys that were read before go on to open what they can.
 */
export class KeyRingSource {
  readonly #options: KeySourceOptions;
  readonly #freshForMs: number;
  readonly #clock: Clock;
  /** The ring of the last reading that succeeded. */
  #known: { readonly ring: KeyRing | undefined } | undefined;
  #last: Reading | undefined;
  #running: SharedWork<KeyRing | undefined> | undefined;

  constructor({ freshForMs = 5000, clock = monotonicClock, ...options }: KeyRingSourceOptions) {
    this.#options = options;
    this.#freshForMs = freshForMs;
    this.#clock = clock;
  }

  /** The keys as they were read last; `undefined` when no source is configured. */
  async current(call: SettingsCallOptions = {}): Promise<KeyRing | undefined> {
    return this.#known === undefined ? this.newest(call) : this.#known.ring;
  }

  /** The keys with which to open what the master key with this id has wrapped. The ring lacks the key when the source does not have it either. */
  async forKeyId(id: string, call: SettingsCallOptions = {}): Promise<KeyRing | undefined> {
    const ring = await this.current(call);
    return ring?.has(id) === true ? ring : this.newest(call);
  }

  /** The keys as the source has them now, or had them a moment ago: for sealing, so that a replaced key is not used any longer. */
  async newest({ signal }: SettingsCallOptions = {}): Promise<KeyRing | undefined> {
    if (signal?.aborted === true) throw keysWithdrawn(signal);
    const last = this.#last;
    if (last !== undefined && this.#clock() - last.atMs < this.#freshForMs) {
      if ('failure' in last) throw last.failure;
      return last.ring;
    }
    if (this.#running === undefined || this.#running.isAbandoned) this.#running = new SharedWork((end) => this.#read(end));
    return this.#running.wait(signal);
  }

  async #read(signal: AbortSignal): Promise<KeyRing | undefined> {
    try {
      const ring = await loadKeyRing({ ...this.#options, signal });
      this.#finish(signal, { atMs: this.#clock(), ring });
      return ring;
    } catch (error) {
      this.#finish(signal, { atMs: this.#clock(), failure: error });
      throw error;
    }
  }

  /** A reading that was ended because nobody waited says nothing of the source, and another one may run by now. */
  #finish(signal: AbortSignal, reading: Reading): void {
    if (signal.aborted) return;
    this.#last = reading;
    if ('ring' in reading) this.#known = { ring: reading.ring };
    this.#running = undefined;
  }
}
