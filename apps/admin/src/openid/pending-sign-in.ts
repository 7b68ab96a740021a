import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';

const pendingSchema = z.strictObject({ state: z.string(), nonce: z.string(), verifier: z.string(), endsAtMs: z.int() });

/** What has to be remembered of somebody who was sent to the OpenID Connect provider. */
export type PendingSignIn = z.output<typeof pendingSchema>;

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Remembers sign-ins that were begun in the browsers that began them: sealed by a key of this process, and each good for one return. Who comes back to another process, or after a restart, begins again.
 */
export class PendingSignIns {
  readonly #key = randomBytes(KEY_BYTES);
  readonly #used = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  seal(pending: PendingSignIn): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    const sealed = Buffer.concat([cipher.update(JSON.stringify(pending), 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
  }

  /** Opens one and uses it up; nothing for one that is not ours, too old, or was used before. */
  take(text: string | undefined): PendingSignIn | undefined {
    const pending = text === undefined ? undefined : this.#open(text);
    const nowMs = this.#now();
    for (const [state, endsAtMs] of this.#used) if (endsAtMs <= nowMs) this.#used.delete(state);
    if (pending === undefined || pending.endsAtMs <= nowMs || this.#used.has(pending.state)) return undefined;
    this.#used.set(pending.state, pending.endsAtMs);
    return pending;
  }

  #open(text: string): PendingSignIn | undefined {
    const bytes = Buffer.from(text, 'base64url');
    if (bytes.byteLength <= NONCE_BYTES + TAG_BYTES) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    let opened = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8');
    try {
      opened += decipher.final('utf8');
    } catch (error) {
      // Whoever changed a byte of it, or brings that of another process, brings nothing.
      if (error instanceof Error) return undefined;
      throw error;
    }
    return pendingSchema.parse(JSON.parse(opened));
  }
}
