import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Whether two secrets are the same, in a time that tells nothing about them. */
export function isSameSecret(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

/** The API keys that are known. */
export class KeyRing {
  readonly #keys = new Set<string>();

  /** Adds a key; without one, a random one that looks like the vendor's. */
  add(apiKey = `e2b_${randomBytes(20).toString('hex')}`): string {
    this.#keys.add(apiKey);
    return apiKey;
  }

  remove(apiKey: string): void {
    this.#keys.delete(apiKey);
  }

  has(apiKey: string): boolean {
    return [...this.#keys].some((known) => isSameSecret(known, apiKey));
  }
}
