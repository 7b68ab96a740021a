import { describeIssue, SandboxError } from '@sandport/core';
import type { z } from 'zod';

/** An option that is wrong where something of this package is made. */
export function refusedOption(field: string, message: string): SandboxError {
  return new SandboxError('REQUEST_INVALID', `${field}: ${message}.`, {
    operation: 'configureAgent',
    suggestion: `Correct the option "${field}".`,
    details: { field },
  });
}

/** The same, of what a schema found. */
export function refusedOptions(error: z.ZodError): SandboxError {
  const { field, message } = describeIssue(error, 'options');
  return refusedOption(field, message);
}
