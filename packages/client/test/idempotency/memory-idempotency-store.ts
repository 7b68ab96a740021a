import type { IdempotencyClaim, IdempotencyRecord, IdempotencyStore, SettingsCallOptions } from '@sandport/core';

/** The methods of the store. */
export type StoreOperation = 'claim' | 'find' | 'beat' | 'finish' | 'release' | 'markLost';

/** A record and when it is forgotten. */
interface Kept extends IdempotencyRecord {
  readonly expiresAtMs: number;
}

/** Remembers calls in memory, for tests. Each operation can be held up or broken, before it is done and after it was. */
export class MemoryIdempotencyStore implements IdempotencyStore {
  readonly records = new Map<string, Kept>();
  readonly operations: StoreOperation[] = [];
  readonly signals: AbortSignal[] = [];
  /** Milliseconds of the database's own clock, which nobody else knows. */
  timeMs = 0;
  before: (operation: StoreOperation, signal: AbortSignal | undefined) => Promise<void> = () => Promise.resolve();
  after: (operation: StoreOperation, signal: AbortSignal | undefined) => Promise<void> = () => Promise.resolve();

  /** The only record. */
  get record(): Kept | undefined {
    return [...this.records.values()][0];
  }

  /** How often an operation was asked for. */
  countOf(operation: StoreOperation): number {
    return this.operations.filter((name) => name === operation).length;
  }

  claim(
    { keyDigest, requestDigest, owner, windowMs }: IdempotencyClaim,
    options?: SettingsCallOptions,
  ): Promise<IdempotencyRecord | undefined> {
    return this.#do('claim', options, () => {
      const first = this.#get(keyDigest);
      if (first !== undefined) return first;
      this.records.set(keyDigest, {
        state: 'running',
        requestDigest,
        owner,
        beat: 0,
        outcome: undefined,
        expiresAtMs: this.timeMs + windowMs,
      });
      return undefined;
    });
  }

  find(keyDigest: string, options?: SettingsCallOptions): Promise<IdempotencyRecord | undefined> {
    return this.#do('find', options, () => this.#get(keyDigest));
  }

  beat(keyDigest: string, owner: string, options?: SettingsCallOptions): Promise<boolean> {
    return this.#do('beat', options, () => this.#change(keyDigest, owner, (record) => ({ ...record, beat: record.beat + 1 })));
  }

  finish(keyDigest: string, owner: string, outcome: string, options?: SettingsCallOptions): Promise<boolean> {
    return this.#do('finish', options, () => this.#change(keyDigest, owner, (record) => ({ ...record, state: 'finished', outcome })));
  }

  release(keyDigest: string, owner: string, options?: SettingsCallOptions): Promise<boolean> {
    return this.#do('release', options, () => this.#change(keyDigest, owner, () => undefined));
  }

  markLost(keyDigest: string, seen: Pick<IdempotencyRecord, 'owner' | 'beat'>, options?: SettingsCallOptions): Promise<boolean> {
    return this.#do('markLost', options, () => {
      if (this.#get(keyDigest)?.beat !== seen.beat) return false;
      return this.#change(keyDigest, seen.owner, (record) => ({ ...record, state: 'lost' }));
    });
  }

  async #do<Value>(operation: StoreOperation, options: SettingsCallOptions | undefined, work: () => Value): Promise<Value> {
    this.operations.push(operation);
    if (options?.signal !== undefined) this.signals.push(options.signal);
    await this.before(operation, options?.signal);
    const value = work();
    await this.after(operation, options?.signal);
    return value;
  }

  #get(keyDigest: string): Kept | undefined {
    const record = this.records.get(keyDigest);
    return record !== undefined && record.expiresAtMs > this.timeMs ? record : this.#forget(keyDigest);
  }

  #forget(keyDigest: string): undefined {
    this.records.delete(keyDigest);
    return undefined;
  }

  /** Only a running record of this owner is changed. */
  #change(keyDigest: string, owner: string, change: (record: Kept) => Kept | undefined): boolean {
    const record = this.#get(keyDigest);
    if (record?.owner !== owner || record.state !== 'running') return false;
    const changed = change(record);
    if (changed === undefined) this.records.delete(keyDigest);
    else this.records.set(keyDigest, changed);
    return true;
  }
}
