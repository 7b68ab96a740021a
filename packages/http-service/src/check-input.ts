import { describeIssue, SandboxError, type IssueDescription } from '@sandport/core';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { describeHostileShape } from './hostile-shape.ts';

/** Checks what is sent by the schemas of the routes, and refuses it as the contract does: with the name of every field that is wrong. */
export function checkInput(app: FastifyInstance): void {
  app.setValidatorCompiler<z.ZodType>(({ schema, httpPart }) => (input: unknown) => {
    const rootName = httpPart ?? 'body';
    const problem = describeHostileShape(input);
    if (problem !== undefined) return { error: refused([{ field: rootName, message: problem }]) };
    const parsed = schema.safeParse(input);
    return parsed.success ? { value: parsed.data } : { error: refused(describeIssues(parsed.error, rootName)) };
  });
}

function describeIssues({ issues }: z.ZodError, rootName: string): readonly IssueDescription[] {
  return issues.slice(0, MOST_FIELDS).map((issue) => describeIssue(new z.ZodError([issue]), rootName));
}

function refused(found: readonly IssueDescription[]): SandboxError {
  const fields = found.map(({ field, message }) => ({ field: shortened(field), message: shortened(message) }));
  const { field, message } = fields[0] ?? { field: 'body', message: 'is not valid' };
  return new SandboxError('REQUEST_INVALID', `${field}: ${message}.`, {
    suggestion: `Correct "${field}" and call again; nothing was created or run.`,
    details: { field, fields },
  });
}

/** A refusal must not be as long as what is refused. */
function shortened(text: string): string {
  return text.length <= MAX_NAME_LENGTH ? text : `${text.slice(0, MAX_NAME_LENGTH)}…`;
}

const MAX_NAME_LENGTH = 600;

const MOST_FIELDS = 50;
