import type { SettingsCallOptions } from './settings-store.ts';

/** What is known of the first call with a key. */
export interface IdempotencyRecord {
  /**
   * `running`: its owner works on it. `finished`: `outcome` says what came of it. `lost`: its owner ended without a word, so that nobody knows how far the
   * program came.
   */
  readonly state: 'running' | 'finished' | 'lost';
  /** Digest of what was asked. Another request with the same key is a mistake of the caller. */
  readonly requestDigest: string;
  /** Who runs it: a name that no other call has. */
  readonly owner: string;
  /** Grows while the owner lives. */
  readonly beat: number;
  /** Text that the owner stored; present when the state is `finished`. */
  readonly outcome: string | undefined;
}

/** What a call claims. */
export interface IdempotencyClaim {
  /** SHA-256 of tenant and key in hexadecimal digits: what the caller chose is not stored. */
  readonly keyDigest: string;
  readonly requestDigest: string;
  readonly owner: string;
  /** How long from now the key is remembered, in milliseconds. */
  readonly windowMs: number;
}

/**
 * Remembers the first call with each key, also between processes that share a database. Which of two calls at the same moment is the first is decided by the
 * database alone. No clock of another machine is compared with: a living owner is known by its growing `beat`.
 */
export interface IdempotencyStore {
  /** Makes the caller the owner of the key, and answers `undefined`; else says what is known of the call that was there first. A record whose window has passed is forgotten. */
  claim(claim: IdempotencyClaim, options?: SettingsCallOptions): Promise<IdempotencyRecord | undefined>;
  /** What is known now; `undefined` when the key is free (again). */
  find(keyDigest: string, options?: SettingsCallOptions): Promise<IdempotencyRecord | undefined>;
  /** Says that the owner lives. `false` when the record is no longer the owner's. */
  beat(keyDigest: string, owner: string, options?: SettingsCallOptions): Promise<boolean>;
  /** Stores the outcome. `false` when the record is no longer the owner's. */
  finish(keyDigest: string, owner: string, outcome: string, options?: SettingsCallOptions): Promise<boolean>;
  /** Frees the key: the program was not started. `false` when the record was not the owner's. */
  release(keyDigest: string, owner: string, options?: SettingsCallOptions): Promise<boolean>;
  /** Marks a running record as `lost` if its owner's beat is still the one that was seen. `false` when it is not. */
  markLost(keyDigest: string, seen: Pick<IdempotencyRecord, 'owner' | 'beat'>, options?: SettingsCallOptions): Promise<boolean>;
}
