import { SandboxError } from '@sandport/core';
import { z } from 'zod';
import type { Act } from './people-store.ts';
import { PERSON_ROLES, type FailureWindow, type PersonRole } from './people-records.ts';

const MAX_NAME_LENGTH = 128;
const MAX_NAME_KEY_LENGTH = 255;
const MAX_ACTOR_LENGTH = 255;
const MAX_SUBJECT_LENGTH = 512;
const MAX_HASH_LENGTH = 1024;
const MAX_SUMMARY_BYTES = 16 * 1024;

/** Roles as the column has them. */
export const roleSchema = z.enum(PERSON_ROLES);

/** What two names that people take for the same have in common. */
export function nameKeyOf(name: string): string {
  // A second time, since small letters can be composed where capital ones could not.
  return name.normalize('NFKC').toLowerCase().normalize('NFKC').trim();
}

/** Whether a database can hold it, and so whether it makes sense to look for it. */
function isStorable(text: string, maxLength: number): boolean {
  return text !== '' && text.length <= maxLength && !text.includes('\0') && text.isWellFormed();
}

/** Whether there may be an account of this name. */
export function isName(name: string): boolean {
  return isStorable(name, MAX_NAME_LENGTH) && isStorable(nameKeyOf(name), MAX_NAME_KEY_LENGTH);
}

/** Whether there may be an account of this subject. */
export function isSubject(subject: string): boolean {
  return isStorable(subject, MAX_SUBJECT_LENGTH);
}

/** @throws SandboxError `REQUEST_INVALID` */
export function checkName(name: string): void {
  if (!isName(name) || /\p{Cc}/u.test(name)) throw refuse('name', `must have 1 to ${MAX_NAME_LENGTH} visible characters`);
}

/** @throws SandboxError `REQUEST_INVALID` */
export function checkActor(actor: string): void {
  if (actor.trim() === '' || !isStorable(actor, MAX_ACTOR_LENGTH)) throw refuse('actor', `must have 1 to ${MAX_ACTOR_LENGTH} characters`);
}

/** @throws SandboxError `REQUEST_INVALID` */
export function checkRole(role: PersonRole): void {
  if (!PERSON_ROLES.includes(role)) throw refuse('role', `must be one of ${PERSON_ROLES.join(', ')}`);
}

/** @throws SandboxError `REQUEST_INVALID` */
export function checkSubject(subject: string): void {
  if (!isSubject(subject)) throw refuse('openIdSubject', `must have 1 to ${MAX_SUBJECT_LENGTH} characters`);
}

/** @throws SandboxError `REQUEST_INVALID` */
export function checkPasswordHash(hash: string): void {
  if (!isStorable(hash, MAX_HASH_LENGTH)) throw refuse('passwordHash', `must have 1 to ${MAX_HASH_LENGTH} characters`);
}

/** So strict that a secret, handed over by mistake, is refused. @throws SandboxError `REQUEST_INVALID` */
export function checkSecretDigest(field: string, digest: string): void {
  if (!isDigest(digest)) throw refuse(field, 'must be a SHA-256 in 64 hexadecimal digits');
}

/** Whether something of this digest may be stored. */
export function isDigest(digest: string): boolean {
  return /^[0-9a-f]{64}$/.test(digest);
}

/** Whether something of this id may be stored. */
export function isId(id: string): boolean {
  return /^[\x21-\x7e]{1,64}$/.test(id);
}

/** @throws SandboxError `REQUEST_INVALID` */
export function checkId(field: string, id: string): void {
  if (!isId(id)) throw refuse(field, 'must have 1 to 64 letters, digits and signs');
}

/** @throws SandboxError `REQUEST_INVALID` */
export function checkTime(field: string, timeMs: number): void {
  if (!Number.isSafeInteger(timeMs) || timeMs < 0) throw refuse(field, 'must be a whole number of milliseconds since the epoch');
}

/** @throws SandboxError `REQUEST_INVALID` */
export function checkFailure(key: string, { nowMs, windowMs }: FailureWindow): void {
  checkFailureKey(key);
  checkTime('nowMs', nowMs);
  if (!Number.isSafeInteger(windowMs) || windowMs <= 0) throw refuse('windowMs', 'must be a positive whole number of milliseconds');
}

/** @throws SandboxError `REQUEST_INVALID` */
export function checkFailureKey(key: string): void {
  if (!/^[\x21-\x7e]{1,128}$/.test(key)) throw refuse('key', 'must have 1 to 128 letters, digits and signs');
}

/** @throws SandboxError `REQUEST_INVALID` */
export function checkAct({ actor, action, summary }: Act): void {
  checkActor(actor);
  if (!/^[a-z-]{1,64}$/.test(action)) throw refuse('action', 'must be one of those that the audit knows');
  const bytes = Buffer.byteLength(JSON.stringify(summary));
  if (bytes > MAX_SUMMARY_BYTES) throw refuse('summary', `has ${bytes} bytes; the most is ${MAX_SUMMARY_BYTES}`);
}

/** Bad input, by its field. */
export function refuse(field: string, message: string): SandboxError {
  return new SandboxError('REQUEST_INVALID', `${field}: ${message}.`, {
    operation: 'changePeople',
    suggestion: 'Correct it and call again; nothing was stored.',
    details: { field },
  });
}

/** Something that was to be changed is not there. */
export function notFound(kind: 'account' | 'token'): SandboxError {
  return new SandboxError('CONFIG_MISSING', `There is no such ${kind}; it may have been removed in the meantime.`, {
    operation: 'changePeople',
    suggestion: `Look at the list of ${kind}s again.`,
    details: { kind },
  });
}
