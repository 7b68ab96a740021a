import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { KEY_BYTES } from './aes-gcm.ts';
import { keySourceInvalid } from './key-errors.ts';

/** A master key as text, and where it stood. */
export interface MasterKey {
  /** 32 bytes as base64 or base64url, with or without padding, or as 64 hexadecimal digits. Space around it does not matter. */
  readonly key: string;
  /** How an error names it, for example the name of a variable. @default 'the master key' */
  readonly source?: string;
}

/** A new random master key as base64 text. */
export function generateMasterKey(): string {
  const key = randomBytes(KEY_BYTES);
  try {
    return key.toString('base64');
  } finally {
    key.fill(0);
  }
}

/**
 * The key that a text stands for, in a form that does not show it.
 *
 * @throws SandboxError `CONFIG_INVALID` naming the source, never the text.
 */
export function readMasterKey({ key: text, source = 'the master key' }: MasterKey): KeyObject {
  const trimmed = text.trim();
  if (trimmed === '') throw invalidKey(source, 'is empty');
  const bytes = decode(trimmed);
  if (bytes === undefined) throw invalidKey(source, 'is neither base64 nor 64 hexadecimal digits');
  try {
    if (bytes.length !== KEY_BYTES) throw invalidKey(source, `holds ${bytes.length} bytes, a master key has ${KEY_BYTES}`);
    if (bytes.every((byte) => byte === bytes[0])) throw invalidKey(source, 'holds the same byte again and again, which is no random key');
    return createSecretKey(bytes);
  } finally {
    bytes.fill(0);
  }
}

function decode(text: string): Buffer | undefined {
  if (text.length === 2 * KEY_BYTES && /^[0-9a-f]+$/i.test(text)) return Buffer.from(text, 'hex');
  // The two alphabets of base64; one text keeps to one of them.
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) && !/^[A-Za-z0-9_-]+={0,2}$/.test(text)) return undefined;
  const usual = text.replaceAll('-', '+').replaceAll('_', '/');
  const bytes = Buffer.from(usual, 'base64');
  const exact = bytes.toString('base64');
  // Node skips over what is wrong in a text; only one that is written as Node would write it has been read whole.
  if (usual === exact || usual === exact.replaceAll('=', '')) return bytes;
  bytes.fill(0);
  return undefined;
}

function invalidKey(source: string, finding: string) {
  return keySourceInvalid(source, finding, 'Give 32 random bytes as base64, for example what "openssl rand -base64 32" prints.');
}
