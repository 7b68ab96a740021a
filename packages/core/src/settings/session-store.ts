import type { Language } from '../language.ts';
import type { SettingsCallOptions } from './settings-store.ts';

/** Which sandbox belongs to a session's key. */
export interface SessionRecord {
  /** Changes with every change of the record. */
  readonly revision: number;
  readonly providerId: string;
  /** {@link configDigest} of the configuration that the sandbox was made with. */
  readonly configDigest: string;
  readonly sandboxId: string;
  readonly language: Language;
}

/** Remembers the sandboxes of sessions, also between processes that share a database. */
export interface SessionStore {
  find(keyDigest: string, options?: SettingsCallOptions): Promise<SessionRecord | undefined>;
  /**
   * Stores a record in place of the one with revision `expected` (`undefined`: of none).
   *
   * @returns the record as stored, or `undefined` when somebody else was there first; then nothing is changed.
   */
  replace(
    keyDigest: string,
    expected: number | undefined,
    record: Omit<SessionRecord, 'revision'> & { readonly rememberMs: number },
    options?: SettingsCallOptions,
  ): Promise<SessionRecord | undefined>;
  /** Forgets the record with this revision. `false` when it is another one by now. */
  remove(keyDigest: string, expected: number, options?: SettingsCallOptions): Promise<boolean>;
}
