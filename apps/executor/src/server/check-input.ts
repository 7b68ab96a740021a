import { describeIssue, SandboxError } from '@sandport/core';
import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';

/** Checks what is sent by the schemas of the routes, and refuses it as the contract does: with the field's name. */
export function checkInput(app: FastifyInstance): void {
  app.setValidatorCompiler<z.ZodType>(({ schema, httpPart }) => (input: unknown) => {
    const parsed = schema.safeParse(input);
    if (parsed.success) return { value: parsed.data };
    const { field, message } = describeIssue(parsed.error, httpPart ?? 'body');
    return {
      error: new SandboxError('REQUEST_INVALID', `${field}: ${message}.`, {
        suggestion: `Correct "${field}" and call again; nothing was created or run.`,
        details: { field },
      }),
    };
  });
}
