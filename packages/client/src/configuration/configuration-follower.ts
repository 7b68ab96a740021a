import { setMaxListeners } from 'node:events';
import type { Clock } from '@sandport/core';
import { callWithdrawn, clientClosed, throwIfWithdrawn } from '../client-state-errors.ts';
import type { RowTexts } from './configuration-reader.ts';
import { pauseBeforeRead, type FollowerTiming } from './follower-timing.ts';
import { settingsTooSlow } from './row-errors.ts';
import { settleWithin, untilAborted, withinDeadline } from './within-deadline.ts';

/** That the rows could not be read the last time. */
export interface ReadFailure {
  /** Time of the first failure in a row, in milliseconds since the epoch. */
  readonly sinceMs: number;
  readonly error: unknown;
}

/** What a {@link ConfigurationFollower} is made of. */
export interface ConfigurationFollowerOptions<Snapshot> {
  readonly read: (signal: AbortSignal) => Promise<RowTexts>;
  readonly snapshotOf: (texts: RowTexts) => Snapshot;
  /** Lets another snapshot take effect: called once for each, in order; `former` is `undefined` the first time. Never rejects. */
  readonly onChange: (snapshot: Snapshot, former: Snapshot | undefined) => Promise<void>;
  /** Told of each read. */
  readonly onRead?: (durationMs: number, failure: ReadFailure | undefined) => void;
  readonly onClose?: () => void;
  readonly timing: FollowerTiming;
  readonly now: Clock;
  /** Milliseconds since the epoch. */
  readonly wallClock: Clock;
}

/**
 * Keeps the stored configuration of a client up to date. While the client is used, the rows are read in the background, one read at a time, and no call waits for
 * one. A client that rests reads nothing, and its next call reads first. What cannot be read leaves the last good rows in place, and is tried again after a
 * pause that grows; it keeps no process alive.
 */
export class ConfigurationFollower<Snapshot> {
  readonly #options: ConfigurationFollowerOptions<Snapshot>;
  readonly #closing = new AbortController();
  #good: { readonly texts: RowTexts; readonly snapshot: Snapshot } | undefined;
  #failure: ReadFailure | undefined;
  #failuresInRow = 0;
  #reading: Promise<void> | undefined;
  #catchingUp: Promise<void> | undefined;
  #effect: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #dueAtMs = 0;
  #lastUseMs = 0;

  constructor(options: ConfigurationFollowerOptions<Snapshot>) {
    this.#options = options;
    // As many calls as there are may wait for one read.
    setMaxListeners(0, this.#closing.signal);
  }

  /** The last rows that could be read; `undefined` before the first. */
  get latest(): Snapshot | undefined {
    return this.#good?.snapshot;
  }

  /** Why the latest rows may be old; `undefined` when the last read succeeded. */
  get failure(): ReadFailure | undefined {
    return this.#failure;
  }

  /**
   * The configuration for a call that begins now.
   *
   * @throws SandboxError what the very first read throws; `CANCELLED`; `SANDBOX_CLOSED`.
   */
  async current(signal?: AbortSignal): Promise<Snapshot> {
    this.#use(signal);
    if (this.#good === undefined) await this.#wait(this.#read(), signal);
    else if (this.#mustCatchUp) await this.#wait(this.#catchUp(), signal);
    return this.#known();
  }

  /**
   * Reads now, and waits until what was read has taken effect.
   *
   * @throws SandboxError what the read throws; `CANCELLED`; `SANDBOX_CLOSED`.
   */
  async refresh(signal?: AbortSignal): Promise<void> {
    this.#use(signal);
    // A read that runs already may have seen the rows as they were before this call.
    if (this.#reading !== undefined) await this.#wait(Promise.allSettled([this.#reading]), signal);
    await this.#wait(this.#read(), signal);
    await this.#wait(this.#effect, signal);
  }

  /** Reads nothing any more, and lets nobody wait. */
  close(): void {
    clearTimeout(this.#timer);
    this.#closing.abort(clientClosed());
    this.#options.onClose?.();
  }

  #use(signal: AbortSignal | undefined): void {
    if (this.#closing.signal.aborted) throw clientClosed();
    throwIfWithdrawn(signal);
    this.#lastUseMs = this.#options.now();
  }

  #known(): Snapshot {
    if (this.#good === undefined) throw clientClosed();
    return this.#good.snapshot;
  }

  /** The read goes on for the others. */
  async #wait(promise: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
    const closed = this.#closing.signal;
    await untilAborted(
      untilAborted(promise, closed, () => clientClosed()),
      signal,
      callWithdrawn,
    );
  }

  get #mustCatchUp(): boolean {
    if (this.#catchingUp !== undefined) return true;
    if (this.#reading !== undefined) return false;
    return this.#timer === undefined || this.#options.now() > this.#dueAtMs + this.#options.timing.latenessMs;
  }

  #catchUp(): Promise<void> {
    this.#catchingUp ??= settleWithin(this.#read(), this.#options.timing.catchUpMs).finally(() => {
      this.#catchingUp = undefined;
    });
    return this.#catchingUp;
  }

  #read(): Promise<void> {
    this.#reading ??= this.#readOnce().finally(() => {
      this.#reading = undefined;
      this.#schedule();
    });
    return this.#reading;
  }

  async #readOnce(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { read, now, onRead } = this.#options;
    const beganMs = now();
    try {
      const texts = await withinDeadline(this.#deadline(), read);
      this.#failure = undefined;
      this.#failuresInRow = 0;
      this.#accept(texts);
    } catch (error) {
      this.#failure = { sinceMs: this.#failure?.sinceMs ?? this.#options.wallClock(), error };
      this.#failuresInRow += 1;
      throw error;
    } finally {
      if (!this.#closing.signal.aborted) onRead?.(now() - beganMs, this.#failure);
    }
  }

  #deadline() {
    const { firstReadTimeoutMs, readTimeoutMs } = this.#options.timing;
    const isFirst = this.#good === undefined;
    const timeoutMs = isFirst ? firstReadTimeoutMs : readTimeoutMs;
    const onTimeout = () => settingsTooSlow('readSettings', timeoutMs);
    return { timeoutMs, onTimeout, isBackground: !isFirst, signal: this.#closing.signal };
  }

  #accept(texts: RowTexts): void {
    const former = this.#good;
    if (former !== undefined && areSame(former.texts, texts)) return;
    const snapshot = this.#options.snapshotOf(texts);
    this.#good = { texts, snapshot };
    this.#effect = this.#options.onChange(snapshot, former?.snapshot);
  }

  #schedule(): void {
    // Before the first rows there is nothing to keep up to date: the next call reads.
    if (this.#good === undefined || this.#closing.signal.aborted) return;
    const pauseMs = pauseBeforeRead(this.#options.timing, this.#failuresInRow, Math.random());
    this.#dueAtMs = this.#options.now() + pauseMs;
    this.#timer = setTimeout(() => this.#poll(), pauseMs).unref();
  }

  #poll(): void {
    this.#timer = undefined;
    if (this.#options.now() - this.#lastUseMs > this.#options.timing.idleAfterMs) return;
    // What it meets is kept in `failure`, for whoever asks.
    void Promise.allSettled([this.#read()]);
  }
}

function areSame(one: RowTexts, other: RowTexts): boolean {
  return one.size === other.size && [...one].every(([name, text]) => other.get(name) === text);
}
