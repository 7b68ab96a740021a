import { describeIssue, SandboxError } from '@sandport/core';
import type { z } from 'zod';

/** Options of this package that are wrong where something is made of them. */
export function refusedOptions(error: z.ZodError): SandboxError {
  const { field, message } = describeIssue(error, 'options');
  return new SandboxError('REQUEST_INVALID', `${field}: ${message}.`, {
    operation: 'configureAiSdk',
    suggestion: `Correct the option "${field}".`,
    details: { field },
  });
}
