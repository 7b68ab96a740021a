import { SandboxError } from '@sandport/core';
import { cutLine } from '../answer/cut-text.ts';
import type { SchemaIssue, StandardSchema } from './standard-schema.ts';

/** Findings of one schema that are told. */
const MAX_PROBLEMS = 20;

const TEXT_CHARACTERS = 300;

/** Where a value is not what was asked for, and how. */
export interface ValueProblem {
  /** Dotted path from the whole value on, for example `value.rows.0.name`. */
  readonly path: string;
  readonly message: string;
}

/**
 * What is wrong with a value. It is only looked at: what a schema would make of it is not taken.
 *
 * @throws SandboxError `REQUEST_INVALID` naming the root of the path when the schema itself throws.
 */
export async function findProblems(schema: StandardSchema, value: unknown, root: string): Promise<ValueProblem[]> {
  const { issues } = await verdictOf(schema, value, root);
  return (issues ?? []).slice(0, MAX_PROBLEMS).map((issue) => problemOf(issue, root));
}

async function verdictOf(
  schema: StandardSchema,
  value: unknown,
  root: string,
): Promise<{ readonly issues?: readonly SchemaIssue[] | undefined }> {
  try {
    return await schema['~standard'].validate(value);
  } catch (error) {
    throw new SandboxError('REQUEST_INVALID', `${root}: the schema threw an exception when it looked at the value.`, {
      operation: 'checkValue',
      suggestion: 'Correct the schema. Where it is that of an output, the program has run, and is not to be run again for that alone.',
      details: { field: root },
      cause: error,
    });
  }
}

function problemOf({ path = [], message }: SchemaIssue, root: string): ValueProblem {
  const parts = path.map((part) => String(typeof part === 'object' ? part.key : part));
  return { path: cutLine([root, ...parts].join('.'), TEXT_CHARACTERS), message: cutLine(message, TEXT_CHARACTERS) };
}
