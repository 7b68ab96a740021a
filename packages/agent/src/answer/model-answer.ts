import type { ExecutionStatus } from '@sandport/core';

/** A file that the program left, as a model is told of it: without its bytes. */
export interface ModelArtifact {
  /** Path below `artifacts/`. */
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
}

/**
 * What a model is told of one call: plain JSON, of a length that the budget bounds. `value`, `error`, `stdout`, `stderr` and the names of artifacts are the program's
 * own words; `status` and `notes` are Sandport's.
 */
export interface ModelAnswer {
  /** What became of the program; `refused`: the input was wrong and nothing ran; `unavailable`: the sandbox could not be had, or failed. */
  readonly status: ExecutionStatus | 'refused' | 'unavailable';
  /** Canonical text of the value. Absent where the program gave none. */
  readonly value?: string;
  /** Type and message of the program's error. */
  readonly error?: string;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly artifacts?: readonly ModelArtifact[];
  /** Code of a failure of Sandport's own, from its table of codes. */
  readonly code?: string;
  /** Plain sentences: what was cut or left behind, why it ended, what to do next. */
  readonly notes?: readonly string[];
}
