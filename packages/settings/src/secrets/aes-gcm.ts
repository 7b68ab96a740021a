import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';

/** A key of AES-256, and the master keys and data keys that are such keys. */
export const KEY_BYTES = 32;
/** What every encrypted text has beside its content: nonce and tag. */
export const OVERHEAD_BYTES = 28;

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = OVERHEAD_BYTES - NONCE_BYTES;

/**
 * Encrypts with AES-256-GCM under a fresh random nonce of 96 bits. One key may be used so for 2^32 contents.
 *
 * @param authenticated what the reader must know as well, exactly; it is not part of the result.
 * @returns nonce (12 bytes), ciphertext (as long as the content), tag (16 bytes).
 */
export function encryptAesGcm(key: KeyObject | Buffer, content: Buffer, authenticated: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(authenticated, 'utf8'));
  return Buffer.concat([nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
}

/**
 * The content of what {@link encryptAesGcm} gave. The caller wipes it after use.
 *
 * @throws Error when key, text or `authenticated` is not the one of the encryption. Nothing is given back then.
 */
export function decryptAesGcm(key: KeyObject | Buffer, encrypted: Buffer, authenticated: string): Buffer {
  const decipher = createDecipheriv(ALGORITHM, key, encrypted.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(authenticated, 'utf8'));
  decipher.setAuthTag(encrypted.subarray(-TAG_BYTES));
  const content = decipher.update(encrypted.subarray(NONCE_BYTES, -TAG_BYTES));
  try {
    // In this mode the end gives no content: it compares the tag.
    decipher.final();
    return content;
  } catch (error) {
    content.fill(0);
    throw error;
  }
}
