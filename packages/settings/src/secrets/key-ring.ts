import { createHmac, type KeyObject } from 'node:crypto';
import { inspect } from 'node:util';
import { SandboxError } from '@sandport/core';
import { decryptAesGcm, encryptAesGcm } from './aes-gcm.ts';
import { readMasterKey, type MasterKey } from './master-key.ts';

/** A data key that a master key has encrypted. */
export interface WrappedKey {
  /** Id of the master key. */
  readonly id: string;
  /** See `encryptAesGcm` for its layout. */
  readonly wrapped: Buffer;
}

/**
 * The master keys of an installation: the current one, which wraps, and former ones, which only unwrap. It uses its keys and never gives them away; printing, inspecting or serialising it
 * shows their ids, which say nothing about them.
 */
export class KeyRing {
  readonly #keys: ReadonlyMap<string, KeyObject>;
  /** Id of the key that wraps. */
  readonly currentId: string;
  /** Ids of the keys that only unwrap, in their order. */
  readonly formerIds: readonly string[];

  /**
   * The first key is the current one. A key that is given twice counts once.
   *
   * @throws SandboxError `CONFIG_INVALID` naming the source of a key that is none; also when there is no key.
   */
  static of(keys: readonly MasterKey[]): KeyRing {
    return new KeyRing(keys.map(readMasterKey));
  }

  private constructor(keys: readonly KeyObject[]) {
    this.#keys = new Map(keys.map((key) => [idOf(key), key]));
    const [currentId, ...formerIds] = this.#keys.keys();
    if (currentId === undefined) {
      throw new SandboxError('CONFIG_INVALID', 'A key ring needs a current master key.', { suggestion: 'Give at least one key.' });
    }
    this.currentId = currentId;
    this.formerIds = formerIds;
  }

  /** Whether it can unwrap what the key with this id has wrapped. */
  has(id: string): boolean {
    return this.#keys.has(id);
  }

  /** Encrypts a data key with the current master key. */
  wrap(dataKey: Buffer, authenticated: string): WrappedKey {
    return { id: this.currentId, wrapped: encryptAesGcm(this.#keyOf(this.currentId), dataKey, authenticated) };
  }

  /**
   * The data key, which the caller wipes after use.
   *
   * @throws Error when it was wrapped by another key or for something else, or when {@link KeyRing.has} says no.
   */
  unwrap({ id, wrapped }: WrappedKey, authenticated: string): Buffer {
    return decryptAesGcm(this.#keyOf(id), wrapped, authenticated);
  }

  toString(): string {
    return `KeyRing(${[this.currentId, ...this.formerIds].join(', ')})`;
  }

  toJSON(): { currentId: string; formerIds: readonly string[] } {
    return { currentId: this.currentId, formerIds: this.formerIds };
  }

  [inspect.custom](): string {
    return this.toString();
  }

  #keyOf(id: string): KeyObject {
    const key = this.#keys.get(id);
    if (key === undefined) throw new Error(`The key ring has no key "${id}".`);
    return key;
  }
}

/** Names a key without telling anything about it. */
function idOf(key: KeyObject): string {
  return createHmac('sha256', key).update('sandport master key id').digest('hex').slice(0, 16);
}
