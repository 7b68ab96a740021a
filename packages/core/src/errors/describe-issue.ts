import type { z } from 'zod';

/** Something that a schema found, in words. */
export interface IssueDescription {
  /** Dotted path of the field, or the given root name when the whole value is wrong. */
  readonly field: string;
  /** What is wrong, without a full stop. Values are never quoted, since they may be secrets. */
  readonly message: string;
}

/** Names the field of a schema's first finding and says what is wrong with it. */
export function describeIssue(error: z.ZodError, rootName: string): IssueDescription {
  return describeIssues(error, rootName)[0] ?? { field: rootName, message: 'is not valid' };
}

/** As {@link describeIssue}, of everything that the schema found, in its order. */
export function describeIssues(error: z.ZodError, rootName: string): IssueDescription[] {
  return error.issues.flatMap((issue) => describe(issue, rootName));
}

function describe(issue: z.core.$ZodIssue, rootName: string): IssueDescription[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ field: [...path, key].join('.'), message: 'is not a known field' }));
  }
  const field = path.join('.') || rootName;
  if (issue.code === 'invalid_key') return [{ field, message: `has a name that ${issue.issues[0]?.message ?? 'is not valid'}` }];
  return [{ field, message: issue.message.replace(/\.$/, '') }];
}
