import type { Artifact } from '@sandport/core';

/** How much a shelf holds. */
export interface ShelfLimits {
  readonly count: number;
  readonly bytes: number;
}

/** A file that a program left, with the id by which it is asked for. */
export interface ShelvedArtifact {
  readonly id: string;
  readonly artifact: Artifact;
}

/** Artifacts of one session, so that they can be read after the call that left them. What is over the limits pushes out the oldest. */
export class ArtifactShelf {
  readonly #limits: ShelfLimits;
  readonly #artifacts = new Map<string, Artifact>();
  #bytes = 0;
  #nextNumber = 1;

  constructor(limits: ShelfLimits) {
    this.#limits = limits;
  }

  /** What is on it, the oldest first. */
  get all(): ShelvedArtifact[] {
    return [...this.#artifacts].map(([id, artifact]) => ({ id, artifact }));
  }

  /** Puts files on it and gives their ids, in their order; `undefined` for one that is larger than the whole shelf. */
  add(files: readonly Artifact[]): (string | undefined)[] {
    return files.map((artifact) => {
      if (artifact.content.byteLength > this.#limits.bytes) return undefined;
      const id = `artifact-${this.#nextNumber}`;
      this.#nextNumber += 1;
      this.#artifacts.set(id, artifact);
      this.#bytes += artifact.content.byteLength;
      this.#makeRoom();
      return id;
    });
  }

  get(id: string): Artifact | undefined {
    return this.#artifacts.get(id);
  }

  #makeRoom(): void {
    for (const [id, artifact] of this.#artifacts) {
      if (this.#artifacts.size <= this.#limits.count && this.#bytes <= this.#limits.bytes) return;
      this.#artifacts.delete(id);
      this.#bytes -= artifact.content.byteLength;
    }
  }
}
