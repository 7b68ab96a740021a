import { SandboxError } from '@sandport/core';

/** A place of settings that somebody named, and that cannot be used. */
export function locationError(message: string, suggestion: string, cause?: unknown): SandboxError {
  return new SandboxError('REQUEST_INVALID', message, { operation: 'locateSettings', suggestion, cause });
}
