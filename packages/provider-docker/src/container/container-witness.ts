import type { OutOfMemoryEvidence } from '@sandport/core';
import type { ConnectionEnd, InstanceEnd, InstanceWitness } from '@sandport/provider-kit';
import type { EngineEvents } from '../engine/engine-events.ts';
import { readMemoryCounter, type ContainerMemory } from '../engine/memory-counter.ts';
import { MemoryWatch } from '../engine/memory-watch.ts';

/** Where a witness looks. */
export interface ContainerWitnessOptions {
  readonly events: EngineEvents;
  readonly containerId: string;
  /** Counter on the host, where the container itself shows none. */
  readonly memory: ContainerMemory | null;
  readonly limitBytes: number;
}

/** What the engine and the kernel of the host say of one container. */
export class ContainerWitness implements InstanceWitness {
  readonly #options: ContainerWitnessOptions;

  constructor(options: ContainerWitnessOptions) {
    this.#options = options;
  }

  watchMemory(onFound: (evidence: OutOfMemoryEvidence) => void): () => void {
    const { memory, limitBytes } = this.#options;
    if (memory === null) return () => undefined;
    const watch = new MemoryWatch(memory, limitBytes, onFound);
    watch.start();
    return () => watch.stop();
  }

  async findOutOfMemory(): Promise<OutOfMemoryEvidence | null> {
    const { memory, limitBytes } = this.#options;
    return memory === null ? null : readMemoryCounter(memory, limitBytes);
  }

  noteTold(evidence: OutOfMemoryEvidence): void {
    const { memory } = this.#options;
    if (memory !== null && evidence.observer === 'host') memory.seenKills += evidence.kills ?? 0;
  }

  async endOf(connectionEnd: ConnectionEnd): Promise<InstanceEnd | null> {
    const { events, containerId, limitBytes } = this.#options;
    // At once: the counter of a container that has ended goes with it.
    const lastCount = await this.findOutOfMemory();
    const end = connectionEnd.isTakenOver ? null : await events.endOf(containerId);
    // A container that the engine was told to kill, and not by us, says nothing of its program: somebody removed it, or the engine shut down.
    if (end === null || (end.isOrdered && !connectionEnd.isClosedHere)) return null;
    const told: OutOfMemoryEvidence = { kind: 'out-of-memory', observer: 'engine', source: 'engine-event', limitBytes, kills: null };
    return {
      evidence: { kind: 'sandbox-end', observer: 'engine', exitCode: end.exitCode },
      outOfMemory: lastCount ?? (end.outOfMemory ? told : null),
    };
  }
}
