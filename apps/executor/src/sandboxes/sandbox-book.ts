import { SandboxError, type CreateSandboxOptions, type SandboxProvider } from '@sandport/core';
import { KeptSandbox } from './kept-sandbox.ts';
import type { SandboxIds } from './sandbox-id.ts';

/** What a {@link SandboxBook} works with. */
export interface SandboxBookOptions {
  readonly provider: SandboxProvider;
  readonly ids: SandboxIds;
  /** The provider's own, for sandboxes whose makers named none. */
  readonly idleTimeoutMs: number | undefined;
  readonly onFailure: (error: unknown) => void;
}

/** The sandboxes that callers use by their ids. */
export class SandboxBook {
  readonly #options: SandboxBookOptions;
  readonly #kept = new Map<string, KeptSandbox>();
  readonly #ended = new Set<string>();
  readonly #timer: NodeJS.Timeout;
  #isClosed = false;

  constructor(options: SandboxBookOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.sweep(), SWEEP_INTERVAL_MS).unref();
  }

  get size(): number {
    return this.#kept.size;
  }

  /** Makes a sandbox that is kept until it is destroyed or its time is over. `onLeft` is called once for each that was made. */
  async create(options: CreateSandboxOptions & { readonly tenant: string }, signal: AbortSignal, onLeft: () => void): Promise<KeptSandbox> {
    const { provider, idleTimeoutMs } = this.#options;
    const sandbox = await provider.createSandbox(options, { signal });
    return this.#keep(sandbox, options.tenant, options.idleTimeoutMs ?? idleTimeoutMs, onLeft);
  }

  /** Takes over a sandbox that outlives its maker. */
  async connect(id: string, tenant: string, signal: AbortSignal, onLeft: () => void): Promise<KeptSandbox> {
    const { provider, idleTimeoutMs } = this.#options;
    const sandbox = await provider.connectSandbox(this.#open(id, tenant), { signal });
    this.#kept.get(id)?.leave();
    return this.#keep(sandbox, tenant, idleTimeoutMs, onLeft);
  }

  /** @throws SandboxError `SANDBOX_CLOSED`, `SANDBOX_NOT_FOUND` (also for another tenant's). */
  find(id: string, tenant: string, connection: string | undefined): KeptSandbox {
    this.#open(id, tenant);
    const kept = this.#kept.get(id);
    if (kept !== undefined) {
      kept.checkHolder(connection);
      return kept;
    }
    if (!this.#ended.has(id)) throw notFound();
    throw new SandboxError('SANDBOX_CLOSED', 'This sandbox has ended.', { suggestion: 'Make another.' });
  }

  /** Ends a sandbox, also one that outlived the executor that made it. It does nothing for a former holder, and for one that ended already. */
  async destroy(id: string, tenant: string, connection: string | undefined, signal: AbortSignal): Promise<void> {
    const innerId = this.#open(id, tenant);
    const kept = this.#kept.get(id);
    if (kept !== undefined && (connection === undefined || connection === kept.connection)) await this.end(kept);
    // Whoever names a connection that nobody here knows may have lost the sandbox to somebody elsewhere.
    if (kept === undefined && connection === undefined && !this.#ended.has(id)) await this.#destroyLeft(innerId, signal);
  }

  async #destroyLeft(innerId: string, signal: AbortSignal): Promise<void> {
    const { provider } = this.#options;
    if (!provider.capabilities.reconnect) return;
    try {
      const sandbox = await provider.connectSandbox(innerId, { signal });
      await sandbox.destroy();
    } catch (error) {
      if (!SandboxError.isInstance(error) || error.code !== 'SANDBOX_NOT_FOUND') throw error;
    }
  }

  /** Ends a sandbox, however many times it is told to. */
  async end(kept: KeptSandbox): Promise<void> {
    try {
      await kept.sandbox.destroy();
    } finally {
      this.#leave(kept);
    }
  }

  /** Lets go of those whose time is over. */
  async sweep(): Promise<void> {
    for (const kept of [...this.#kept.values()].filter(({ isOverdue }) => isOverdue)) {
      const [ended] = await Promise.allSettled([this.end(kept)]);
      if (ended.status === 'rejected') this.#options.onFailure(ended.reason);
    }
  }

  /** The provider ends what must not outlive it. */
  close(): void {
    clearInterval(this.#timer);
    this.#isClosed = true;
    for (const kept of this.#kept.values()) kept.leave();
  }

  #keep(sandbox: KeptSandbox['sandbox'], tenant: string, idleTimeoutMs: number | undefined, onLeft: () => void): KeptSandbox {
    const id = this.#options.ids.make(sandbox.id, tenant);
    const kept = new KeptSandbox({ id, sandbox, tenant, idleTimeoutMs, onLeft });
    this.#kept.set(id, kept);
    if (this.#isClosed) kept.leave();
    return kept;
  }

  #leave(kept: KeptSandbox): void {
    // Whoever took it over has its place.
    if (this.#kept.get(kept.id) === kept) {
      this.#kept.delete(kept.id);
      this.#ended.add(kept.id);
      const [oldest] = this.#ended;
      if (this.#ended.size > MAX_REMEMBERED && oldest !== undefined) this.#ended.delete(oldest);
    }
    kept.leave();
  }

  #open(id: string, tenant: string): string {
    const innerId = this.#options.ids.open(id, tenant);
    if (innerId === undefined) throw notFound();
    return innerId;
  }
}

const SWEEP_INTERVAL_MS = 1000;

/** Ended sandboxes that are still known to have been. */
const MAX_REMEMBERED = 10_000;

function notFound(): SandboxError {
  return new SandboxError('SANDBOX_NOT_FOUND', 'No sandbox of this id lives here.', { suggestion: 'Make another.' });
}
