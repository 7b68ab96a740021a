import { Buffer } from 'node:buffer';

/** Longest path, in bytes of UTF-8, as Linux has it. */
const MAX_PATH_BYTES = 4095;

/** Says what is wrong with a path, or nothing. Where it leads is for the sandbox to say. */
export function pathProblem(path: unknown): string | undefined {
  if (typeof path !== 'string') return 'is no text';
  if (!path.startsWith('/')) return 'must be absolute';
  if (path.includes('\0') || !path.isWellFormed()) return 'has a NUL, or is not well-formed Unicode';
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) return `is longer than ${MAX_PATH_BYTES} bytes`;
  return undefined;
}
