import { SandboxError } from '@sandport/core';

/** Something on the command line, or named by it, that cannot be used. */
export function usageError(message: string, suggestion: string, cause?: unknown): SandboxError {
  return new SandboxError('REQUEST_INVALID', message, { suggestion, cause });
}
