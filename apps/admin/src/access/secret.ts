import { createHash, randomBytes } from 'node:crypto';

/** A secret of 256 bits of chance, for cookies and links. */
export function makeSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What is kept of a secret: its SHA-256 in hexadecimal digits. With 256 bits of chance there is nothing to guess, and a slow hash would only cost us. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
