import { SandboxError } from '@sandport/core';

/** A finding of a step that ends the preparation. Its message is a sentence for the passport. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';
}

/** What was thrown, in words for whoever reads a passport. Secrets may still be in it. */
export function describeFailure(error: unknown): string {
  if (SandboxError.isInstance(error)) return `${error.code}: ${error.message} ${error.suggestion ?? ''}`.trim();
  if (error instanceof StepFailure) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}` : 'something that is no error was thrown';
}
