import type { OutputChunk, OutputListener } from '@sandport/core';

/** Hands output to its listener: one piece at a time, in order, each when the one before was taken. */
export class OutputDelivery {
  readonly #listener: OutputListener | undefined;
  readonly #onFailure: (error: unknown) => void;
  #waiting: OutputChunk[] = [];
  #whenIdle: (() => void)[] = [];
  #isBusy = false;
  #isMuted = false;

  /** @param onFailure Gets what the listener threw, or its promise was rejected with. */
  constructor(listener: OutputListener | undefined, onFailure: (error: unknown) => void) {
    this.#listener = listener;
    this.#onFailure = onFailure;
  }

  offer(chunk: OutputChunk): void {
    if (this.#isMuted || this.#listener === undefined || chunk.text === '') return;
    this.#waiting.push(chunk);
    if (!this.#isBusy) this.#handOver();
  }

  /** Resolves when everything was taken, or nothing more is told. */
  async idle(): Promise<void> {
    if (!this.#isBusy || this.#isMuted) return;
    await new Promise<void>((resolve) => {
      this.#whenIdle.push(resolve);
    });
  }

  /** The call is being settled: the listener is told nothing more. */
  mute(): void {
    this.#isMuted = true;
    this.#waiting = [];
    this.#noteIdle();
  }

  #handOver(): void {
    for (let chunk = this.#waiting.shift(); chunk !== undefined; chunk = this.#waiting.shift()) {
      const until = this.#tell(chunk);
      if (until === undefined) continue;
      this.#isBusy = true;
      void this.#await(until);
      return;
    }
    this.#isBusy = false;
    this.#noteIdle();
  }

  #tell(chunk: OutputChunk): void | PromiseLike<void> {
    try {
      return this.#listener?.(chunk);
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  async #await(until: PromiseLike<void>): Promise<void> {
    try {
      await until;
    } catch (error) {
      this.#fail(error);
    }
    this.#handOver();
  }

  #fail(error: unknown): void {
    if (this.#isMuted) return;
    this.mute();
    this.#onFailure(error);
  }

  #noteIdle(): void {
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }
}
