import type { z } from 'zod';

/** The first thing that a schema found, in words. */
export interface IssueDescription {
  /** Dotted path of the field, or the given root name when the whole value is wrong. */
  readonly field: string;
  /** What is wrong, without a full stop. Values are never quoted, since they may be secrets. */
  readonly message: string;
}

/** Names the field of a schema's first finding and says what is wrong with it. */
export function describeIssue(error: z.ZodError, rootName: string): IssueDescription {
  const issue = error.issues[0];
  if (issue === undefined) return { field: rootName, message: 'is not valid' };
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return { field: [...path, issue.keys[0] ?? ''].join('.'), message: 'is not a known field' };
  }
  if (issue.code === 'invalid_key') {
    return {
      field: path.join('.') || rootName,
      message: `has a name that ${issue.issues[0]?.message ?? 'is not valid'}`,
    };
  }
  return { field: path.join('.') || rootName, message: issue.message.replace(/\.$/, '') };
}
