import { SandboxError } from '@sandport/core';

/** What was asked for cannot be made as it was asked; nothing was written. */
export function refusal(field: string, problem: string, suggestion: string, cause?: unknown): SandboxError {
  const options = { operation: 'create provider', suggestion, details: { field }, ...(cause === undefined ? {} : { cause }) };
  return new SandboxError('REQUEST_INVALID', `${field}: ${problem}.`, options);
}
