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

function withoutStop(text: string): string {
  return text.trim().replace(/\.$/, '');
}
