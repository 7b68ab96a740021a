import { SandboxError } from '@sandport/core';

const MAX_AUTHOR_LENGTH = 255;
const MAX_REASON_LENGTH = 4000;
const MAX_PAGE = 500;
const DEFAULT_PAGE = 50;

/** @throws SandboxError `REQUEST_INVALID` for what is no name of an author. */
export function checkAuthor(author: string): void {
  checkWords('author', author, MAX_AUTHOR_LENGTH);
}

/** @throws SandboxError `REQUEST_INVALID` for what is no reason. */
export function checkReason(field: string, reason: string): void {
  checkWords(field, reason, MAX_REASON_LENGTH);
}

/** @throws SandboxError `REQUEST_INVALID` for what cannot be the number of a version. */
export function checkVersionNumber(field: string, number: number | null): void {
  if (number === null || (Number.isSafeInteger(number) && number > 0)) return;
  throw refuse(field, 'is not the number of a version');
}

/**
 * The part of a list that is wanted.
 *
 * @throws SandboxError `REQUEST_INVALID`
 */
export function checkPage({ limit = DEFAULT_PAGE, before }: { readonly limit?: number | undefined; readonly before?: number | undefined }) {
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > MAX_PAGE) throw refuse('limit', `must be a whole number from 1 to ${MAX_PAGE}`);
  if (before !== undefined && !Number.isSafeInteger(before)) throw refuse('before', 'must be a whole number');
  return { limit, before };
}

function checkWords(field: string, text: string, maxLength: number): void {
  if (text.trim() === '') throw refuse(field, 'is empty');
  if (text.length > maxLength) throw refuse(field, `has ${text.length} characters; the most is ${maxLength}`);
  if (text.includes('\0') || !text.isWellFormed()) throw refuse(field, 'has characters that a database cannot keep');
}

function refuse(field: string, message: string): SandboxError {
  return new SandboxError('REQUEST_INVALID', `${field}: ${message}.`, {
    operation: 'changeConfiguration',
    suggestion: 'Correct it and call again; nothing was stored.',
    details: { field },
  });
}
