import { describeIssue, SandboxError } from '@sandport/core';
import type { z } from 'zod';

/** An option that is wrong where something of this package is made. */
export function refusedOption(error: z.ZodError): SandboxError {
  const { field, message } = describeIssue(error, 'options');
  return new SandboxError('REQUEST_INVALID', `${field}: ${message}.`, {
    operation: 'configureLangChain',
    suggestion: `Correct the option "${field}".`,
    details: { field },
    cause: error,
  });
}
