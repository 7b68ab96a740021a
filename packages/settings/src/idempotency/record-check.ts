import { SandboxError, type IdempotencyClaim } from '@sandport/core';

/** As the columns have it. */
const DIGEST_LENGTH = 64;
const MAX_OWNER_LENGTH = 255;

const MEBIBYTE = 1024 * 1024;

/** The most that servers take in one statement is 16 MiB where nobody has changed it. */
const MAX_OUTCOME_BYTES = 8 * MEBIBYTE;

/** @throws SandboxError `REQUEST_INVALID` naming the field that the table cannot hold. */
export function checkClaim({ keyDigest, requestDigest, owner, windowMs }: IdempotencyClaim): void {
  checkDigest('keyDigest', keyDigest);
  checkDigest('requestDigest', requestDigest);
  if (owner === '' || owner.length > MAX_OWNER_LENGTH) throw refuse('owner', `must have 1 to ${MAX_OWNER_LENGTH} characters`);
  checkDuration('windowMs', windowMs);
}

/** @throws SandboxError `REQUEST_INVALID` */
export function checkOutcome(outcome: string): void {
  const bytes = Buffer.byteLength(outcome);
  if (bytes > MAX_OUTCOME_BYTES) throw refuse('outcome', `has ${bytes} bytes; the most is ${MAX_OUTCOME_BYTES}`);
  if (outcome.includes('\0') || !outcome.isWellFormed()) throw refuse('outcome', 'has characters that a database cannot keep');
}

/** @throws SandboxError `REQUEST_INVALID` */
export function checkDigest(field: string, digest: string): void {
  if (digest === '' || digest.length > DIGEST_LENGTH || !/^[\x21-\x7e]+$/.test(digest)) {
    throw refuse(field, `must have 1 to ${DIGEST_LENGTH} characters of a digest`);
  }
}

/** @throws SandboxError `REQUEST_INVALID` */
export function checkDuration(field: string, durationMs: number): void {
  if (!Number.isFinite(durationMs) || durationMs <= 0 || durationMs > Number.MAX_SAFE_INTEGER / 2)
    throw refuse(field, 'must be a positive number of milliseconds');
}

function refuse(field: string, message: string): SandboxError {
  return new SandboxError('REQUEST_INVALID', `${field}: ${message}.`, {
    suggestion: 'Correct it and call again; nothing was stored.',
    details: { field },
  });
}
