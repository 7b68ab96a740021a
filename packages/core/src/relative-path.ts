import { Buffer } from 'node:buffer';
import { z } from 'zod';

/** Longest path of a file in a sandbox, in bytes of UTF-8. */
export const MAX_PATH_BYTES = 512;

/**
 * A path inside a sandbox's work folder: relative, `/` between its parts, no empty, `.` or `..` part, no control
 * characters, no backslash.
 */
export const relativePathSchema = z.string().superRefine((path, context) => {
  const problem = describePathProblem(path);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

/** Says why a path may not be used inside a sandbox, or nothing when it may. */
export function describePathProblem(path: string): string | undefined {
  if (path === '') return 'is empty';
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) return `is longer than ${MAX_PATH_BYTES} bytes`;
  if (path.startsWith('/') || /^[a-zA-Z]:/.test(path)) return 'must be relative to the work folder';
  if (path.includes('\\')) return 'contains a backslash; parts are separated by "/"';
  // oxlint-disable-next-line no-control-regex -- control characters are what this looks for
  if (/[\u0000-\u001f\u007f]/.test(path)) return 'contains a control character';
  if (!path.isWellFormed()) return 'is not well-formed Unicode';
  if (path.split('/').some((part) => part === '..')) return 'leaves the work folder';
  if (path.split('/').some((part) => part === '' || part === '.')) return 'has an empty or "." part';
  return undefined;
}
