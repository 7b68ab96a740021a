import type { SessionRecord, SessionStore, SettingsCallOptions } from '@sandport/core';

/** The methods of the store. */
export type SessionOperation = 'find' | 'replace' | 'remove';

/** What is kept of one key. */
export interface KeptSession extends SessionRecord {
  readonly rememberMs: number;
}

/** Remembers sessions in memory, for tests. Each operation can be held up or broken, before it is done and after it was. */
export class MemorySessionStore implements SessionStore {
  readonly records = new Map<string, KeptSession>();
  readonly operations: SessionOperation[] = [];
  before: (operation: SessionOperation, signal: AbortSignal | undefined) => Promise<void> = () => Promise.resolve();
  after: (operation: SessionOperation, signal: AbortSignal | undefined) => Promise<void> = () => Promise.resolve();
  #lastRevision = 0;

  /** The only record. */
  get record(): KeptSession | undefined {
    return [...this.records.values()][0];
  }

  find(keyDigest: string, options?: SettingsCallOptions): Promise<SessionRecord | undefined> {
    return this.#do('find', options, () => this.records.get(keyDigest));
  }

  replace(
    keyDigest: string,
    expected: number | undefined,
    record: Omit<SessionRecord, 'revision'> & { readonly rememberMs: number },
    options?: SettingsCallOptions,
  ): Promise<SessionRecord | undefined> {
    return this.#do('replace', options, () => {
      if (this.records.get(keyDigest)?.revision !== expected) return undefined;
      this.#lastRevision += 1;
      const kept = { ...record, revision: this.#lastRevision };
      this.records.set(keyDigest, kept);
      return kept;
    });
  }

  remove(keyDigest: string, expected: number, options?: SettingsCallOptions): Promise<boolean> {
    return this.#do('remove', options, () => this.records.get(keyDigest)?.revision === expected && this.records.delete(keyDigest));
  }

  async #do<Value>(operation: SessionOperation, options: SettingsCallOptions | undefined, work: () => Value): Promise<Value> {
    this.operations.push(operation);
    await this.before(operation, options?.signal);
    const value = work();
    await this.after(operation, options?.signal);
    return value;
  }
}
