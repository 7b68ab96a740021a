import { performance } from 'node:perf_hooks';
import type { PhaseClock } from '@sandport/core';

/** The phases that a run goes through, in order. */
type Phase = 'startMs' | 'runMs' | 'collectMs';

/** Measures the phases of one run. Each phase lasts until the next begins. */
export class Stopwatch {
  readonly #began: number;
  #claim: Pick<PhaseClock, 'queueMs' | 'claimMs'>;
  readonly #spent: Record<Phase, number> = { startMs: 0, runMs: 0, collectMs: 0 };
  #turnWaitMs = 0;
  #phase: Phase = 'startMs';
  #phaseBegan: number;

  /** @param claim What was spent before this watch began. */
  constructor(claim: Pick<PhaseClock, 'queueMs' | 'claimMs'>) {
    this.#claim = claim;
    this.#began = performance.now();
    this.#phaseBegan = this.#began;
  }

  /** The call had to wait for others of its sandbox until now. */
  noteTurn(): void {
    const now = performance.now();
    const waitedMs = now - this.#phaseBegan;
    this.#claim = { queueMs: this.#claim.queueMs + waitedMs, claimMs: this.#claim.claimMs };
    this.#turnWaitMs = waitedMs;
    this.#phaseBegan = now;
  }

  /** Ends the current phase and begins another. */
  enter(phase: Phase): void {
    const now = performance.now();
    this.#spent[this.#phase] += now - this.#phaseBegan;
    this.#phase = phase;
    this.#phaseBegan = now;
  }

  /** Milliseconds since the current phase began. */
  get phaseElapsedMs(): number {
    return performance.now() - this.#phaseBegan;
  }

  /** Ends the current phase and reads everything. */
  stop(): PhaseClock {
    this.enter(this.#phase);
    return {
      ...this.#claim,
      ...this.#spent,
      totalMs: this.#claim.queueMs + this.#claim.claimMs - this.#turnWaitMs + (performance.now() - this.#began),
    };
  }
}
