import type { ExecutionStatus } from '@sandport/core';

/** What came of a program on one side. Texts are without secrets of both configurations, and cut. */
export interface ComparedOutcome {
  /** `null`: there is no result, and `refusal` says why. */
  readonly status: ExecutionStatus | null;
  /** What we could not do for the program; beside a status, that its sandbox did not end. */
  readonly refusal: { readonly code: string; readonly message: string } | null;
  /** The value as JSON text; `null` where there is none. A longer text ends with its size and digest, so that two that differ never look the same. */
  readonly value: string | null;
  /** As `value`. */
  readonly stdout: string;
  /** As `value`. */
  readonly stderr: string;
  /** Type and message of the program's error. */
  readonly error: string | null;
  /** What the program left, by path. */
  readonly files: { readonly path: string; readonly sizeBytes: number; readonly sha256: string }[];
  /** The whole call, from the claim of a sandbox to the result. */
  readonly totalMs: number;
}
