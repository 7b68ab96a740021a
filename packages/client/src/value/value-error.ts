import type { ProgramError } from '@sandport/core';
import type { z } from 'zod';

/** Findings that are told in full; the others are counted. */
const MAX_TOLD = 3;

/** Longest message, in UTF-16 code units: names of members are the program's own. */
const MAX_MESSAGE_LENGTH = 2000;

/** The program ended without a value, and one was asked for. */
export function missingValueError(): ProgramError {
  return valueError('value: the program gave none; it needs a `main` that returns one.');
}

/** The program's value is not what was asked for. Names each place and what was expected there, and quotes no value. */
export function mismatchError(issues: readonly z.core.$ZodIssue[]): ProgramError {
  const told = issues.slice(0, MAX_TOLD).map((issue) => describeIssue(issue, ['value']));
  const rest = issues.length > MAX_TOLD ? `; and ${issues.length - MAX_TOLD} more` : '';
  return valueError(`${told.join('; ')}${rest}.`);
}

function valueError(message: string): ProgramError {
  const isLong = message.length > MAX_MESSAGE_LENGTH;
  return {
    type: 'ValueSchemaError',
    message: isLong ? `${message.slice(0, MAX_MESSAGE_LENGTH)}…`.toWellFormed() : message,
    traceback: '',
  };
}

function describeIssue(issue: z.core.$ZodIssue, root: readonly string[]): string {
  const path = [...root, ...issue.path.map(String)];
  switch (issue.code) {
    case 'invalid_union':
      return issue.errors.length > 0 ? describeUnion(issue.errors, path) : plain(issue, path);
    case 'invalid_key':
      return `${path.join('.')}: is a name that does not fit (${issue.issues.map(messageOf).join(', ')})`;
    case 'unrecognized_keys':
      return `${[...path, issue.keys[0] ?? ''].join('.')}: is not a known member`;
    default:
      return plain(issue, path);
  }
}

function describeUnion(alternatives: readonly (readonly z.core.$ZodIssue[])[], path: readonly string[]): string {
  const told = alternatives
    .slice(0, MAX_TOLD)
    .flatMap(([first]) => (first === undefined ? [] : [describeIssue(first, path)]))
    .join(', or ');
  const rest = alternatives.length > MAX_TOLD ? `, or ${alternatives.length - MAX_TOLD} more` : '';
  return `${path.join('.')}: fits none of its alternatives (${told}${rest})`;
}

function plain(issue: z.core.$ZodIssue, path: readonly string[]): string {
  return `${path.join('.')}: ${messageOf(issue)}`;
}

function messageOf({ message }: z.core.$ZodIssue): string {
  return message.replace(/\.$/, '');
}
