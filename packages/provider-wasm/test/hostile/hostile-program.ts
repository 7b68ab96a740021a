import type { ExecutionRequestInput, ExecutionStatus, JsonValue, Language } from '@sandport/core';

/** A program that means harm, and what has to become of it. */
export interface HostileProgram {
  /** What it tries. */
  readonly name: string;
  readonly code: string;
  /** @default 'completed' */
  readonly status?: ExecutionStatus | readonly ExecutionStatus[];
  /** What a program that completes returns: what it got hold of. */
  readonly value?: JsonValue;
  /** What its error is to say. */
  readonly message?: string | RegExp;
  readonly limits?: ExecutionRequestInput['limits'];
  /** A kind of evidence without which the status is not believed. */
  readonly evidence?: 'out-of-memory' | 'timer' | 'output-limit' | 'limit';
}

/** Hostile programs of one language and theme. */
export interface HostileTheme {
  readonly theme: string;
  readonly language: Language;
  readonly programs: readonly HostileProgram[];
}
