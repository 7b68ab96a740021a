import { SandboxError, type PoolState, type Sandbox } from '@sandport/core';
import { clientClosed } from '../client-state-errors.ts';
import type { OpenedProvider } from '../configuration/stored-provider.ts';
import type { WarningListener } from '../warning-listener.ts';
import { LiveProvider, providerKey } from './live-provider.ts';

/**
 * Holds the provider objects of a client: one for each configuration, however many calls begin at once. One that the stored configuration names no more is
 * closed when the calls that run on it have ended and the sandboxes that callers keep of it are over.
 */
export class LiveProviders {
  readonly #warn: WarningListener;
  readonly #entries = new Set<LiveProvider>();
  #wanted: ReadonlySet<string> = new Set();
  #isClosed = false;

  constructor(warn: WarningListener) {
    this.#warn = warn;
  }

  /** Keys of the providers that stay open also while nobody uses them. The others go. */
  get wanted(): ReadonlySet<string> {
    return this.#wanted;
  }

  set wanted(keys: ReadonlySet<string>) {
    this.#wanted = keys;
    for (const entry of this.#entries) this.#endIfUnneeded(entry);
  }

  /**
   * The provider of this configuration, made when there is none. Whoever takes it begins to use it before he waits for anything else.
   *
   * @throws SandboxError what the provider's factory throws; `SANDBOX_CLOSED` after `close`.
   */
  take(opened: OpenedProvider): LiveProvider {
    if (this.#isClosed) throw clientClosed();
    const key = providerKey(opened);
    for (const entry of this.#entries) if (entry.key === key && entry.closing === undefined) return entry;
    const entry = new LiveProvider(opened);
    this.#entries.add(entry);
    return entry;
  }

  /** Runs `work` on a provider, which stays open meanwhile. */
  async use<Value>(entry: LiveProvider, work: () => Promise<Value>): Promise<Value> {
    const running = work();
    entry.running.add(running);
    try {
      return await running;
    } finally {
      entry.running.delete(running);
      this.#endIfUnneeded(entry);
    }
  }

  /** Lets a provider stay open as long as a sandbox of it is kept: until the returned function is called. */
  keep(entry: LiveProvider, sandbox: Sandbox): () => void {
    entry.kept.add(sandbox);
    return () => {
      entry.kept.delete(sandbox);
      this.#endIfUnneeded(entry);
    };
  }

  /** Closes a provider that was taken and then not used, if nobody else needs it. */
  leave(entry: LiveProvider): void {
    this.#endIfUnneeded(entry);
  }

  /** What the pools have now, by the id of their provider: those of a former configuration belong to it too. */
  pools(): ReadonlyMap<string, PoolState> {
    const pools = new Map<string, PoolState>();
    for (const { id, provider } of this.#entries) {
      const pool = provider.describePool?.();
      if (pool === undefined) continue;
      const { idle = 0, busy = 0, starting = 0, waiting = 0 } = pools.get(id) ?? {};
      pools.set(id, {
        idle: idle + pool.idle,
        busy: busy + pool.busy,
        starting: starting + pool.starting,
        waiting: waiting + pool.waiting,
      });
    }
    return pools;
  }

  /** Closes every provider, which settles the calls that run, and waits for those. Failures go to the listener. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const entries = [...this.#entries];
    await Promise.all(entries.map((entry) => this.#end(entry)));
    await Promise.allSettled(entries.flatMap((entry) => [...entry.running]));
  }

  #endIfUnneeded(entry: LiveProvider): void {
    if (!entry.isUsed && !this.#wanted.has(entry.key)) void this.#end(entry);
  }

  #end(entry: LiveProvider): Promise<void> {
    entry.closing ??= this.#close(entry);
    return entry.closing;
  }

  async #close(entry: LiveProvider): Promise<void> {
    try {
      await entry.provider.close();
    } catch (error) {
      this.#warn(
        new SandboxError('PROVIDER_UNAVAILABLE', `The provider "${entry.id}" could not be closed; it may have left something behind.`, {
          providerId: entry.id,
          operation: 'closeProvider',
          suggestion: 'Look for what is left of it with `sandport doctor`; the cause says what it met.',
          cause: error,
        }),
      );
    }
    this.#entries.delete(entry);
  }
}
