import type { OutOfMemoryEvidence } from '@sandport/core';
import { readMemoryCounter, type ContainerMemory } from './memory-counter.ts';

/** How often the counter is looked at while a program runs. It is one read of a file in memory. */
const INTERVAL_MS = 200;

/** How long a program may take to end by itself after something of it was killed. */
const GRACE_MS = 300;

/**
 * Looks whether the kernel killed something of a running program. Under gVisor a program of several threads may hang then instead of
 * ending, and would otherwise be told of as one that took too long.
 */
export class MemoryWatch {
  readonly #memory: ContainerMemory;
  readonly #limitBytes: number;
  readonly #onFound: (evidence: OutOfMemoryEvidence) => void;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(memory: ContainerMemory, limitBytes: number, onFound: (evidence: OutOfMemoryEvidence) => void) {
    this.#memory = memory;
    this.#limitBytes = limitBytes;
    this.#onFound = onFound;
  }

  start(): void {
    this.#timer = setTimeout(() => void this.#look(), INTERVAL_MS);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    const evidence = await readMemoryCounter(this.#memory, this.#limitBytes);
    if (this.#stopped) return;
    if (evidence === null) this.start();
    else this.#timer = setTimeout(() => this.#onFound(evidence), GRACE_MS);
  }
}
