import { createHash } from 'node:crypto';
import { Buffer } from 'node:buffer';
import { SandboxError } from '@sandport/core';

/** Longest key that a caller may choose, in UTF-16 code units. */
const MAX_KEY_LENGTH = 255;

/**
 * Checks a key that a caller chose: text of 1 to 255 characters, well-formed Unicode.
 *
 * @throws SandboxError `REQUEST_INVALID` naming the field.
 */
export function checkCallerKey(field: string, key: unknown): asserts key is string {
  const problem = describeProblem(key);
  if (problem === undefined) return;
  throw new SandboxError('REQUEST_INVALID', `${field}: ${problem}.`, {
    suggestion: `Correct "${field}" and call again; nothing was created or run.`,
    details: { field },
  });
}

/** The name under which a key of a tenant is stored: what the caller chose is nobody's business. No two pairs of tenant and key have the same. */
export function callerKeyDigest(tenant: string, key: string): string {
  const hash = createHash('sha256');
  for (const text of [tenant, key]) hash.update(`${Buffer.byteLength(text)}:`).update(text);
  return hash.digest('hex');
}

function describeProblem(key: unknown): string | undefined {
  if (typeof key !== 'string') return 'must be text';
  if (key === '') return 'is empty';
  if (key.length > MAX_KEY_LENGTH) return `is longer than ${MAX_KEY_LENGTH} characters`;
  return key.isWellFormed() ? undefined : 'is not well-formed Unicode';
}
