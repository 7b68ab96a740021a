import { SandboxError } from '@sandport/core';

/** A finding of a step that ends the preparation. Its message is a sentence for the passport. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';
}

/** What was thrown, in words for whoever reads a passport, without a full stop at the end. Secrets may still be in it. */
export function describeFailure(error: unknown): string {
  if (SandboxError.isInstance(error)) return withoutStop(`${error.code}: ${error.message} ${error.suggestion ?? ''}`);
  return error instanceof Error ? withoutStop(`${error.name}: ${error.message}`) : 'something that is no error was thrown';
}

/** What speaks against a provider. */
export interface Problem {
  /** With advice, for the passport, which puts it into a sentence. */
  readonly text: string;
  /** A sentence without advice, for a finding. */
  readonly message: string;
  /** The advice, where there is any. */
  readonly remedy?: string | undefined;
}

/** The problem that something was thrown. */
export function problemOfError(error: unknown): Problem {
  const text = describeFailure(error);
  return SandboxError.isInstance(error)
    ? { text, message: `${error.code}: ${error.message}`, remedy: error.suggestion }
    : { text, message: `${text}.` };
}

/** A problem of which there is nothing to be said but this text, which has no full stop at the end. */
export function problemOfText(text: string): Problem {
  return { text, message: `${text.charAt(0).toUpperCase()}${text.slice(1)}.` };
}

function withoutStop(text: string): string {
  return text.trim().replace(/\.$/, '');
}
