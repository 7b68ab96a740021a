import { ERROR_CODES, type SandboxError } from '@sandport/core';
import { saysEnded } from './kept-sandbox.ts';

/** What a model is told of a failure of Sandport's own: never the message, which may name hosts or rows of the operator. */
export function toldFailure(error: SandboxError): string {
  const { meaning, retryable } = ERROR_CODES[error.code];
  if (saysEnded(error))
    return `${error.code}: the sandbox has ended, and its files are gone. Nothing was done; the next call begins in an empty one.`;
  return `${error.code}: ${meaning} ${retryable ? 'The same call may succeed later.' : 'The same call will not succeed.'}`;
}
