import { SandboxError, type Sandbox, type SandboxProvider } from '@sandport/core';
import { KeptSandbox } from './kept-sandbox.ts';
import { parseStoredConfig, type StoredProvider } from './stored-provider.ts';
import type { WarningListener } from './warning-listener.ts';

interface Entry {
  readonly stored: StoredProvider;
  readonly provider: SandboxProvider;
  readonly running: Set<Promise<unknown>>;
  /** Sandboxes that callers keep. */
  readonly kept: Set<Sandbox>;
  closing: Promise<void> | undefined;
}

/**
 * Holds the one provider that the stored configuration describes. A changed configuration puts a new one in its place; the old
 * one is closed when the calls that run on it have ended and the sandboxes that callers keep of it are over.
 */
export class ProviderSlot {
  readonly #warn: WarningListener;
  readonly #entries = new Set<Entry>();
  #current: Entry | undefined;
  #currentTicket = 0;
  #isClosed = false;

  constructor(warn: WarningListener) {
    this.#warn = warn;
  }

  /**
   * Runs `work` on the provider of this configuration.
   *
   * @param ticket Grows with the moment at which the reading of `stored` began. A call that read before the current provider's
   *   configuration was read uses that provider, so that a slow reader cannot bring back what was replaced meanwhile.
   */
  use<Value>(ticket: number, stored: StoredProvider, work: (provider: SandboxProvider) => Promise<Value>): Promise<Value> {
    return this.#useEntry(ticket, stored, (entry) => work(entry.provider));
  }

  /** As {@link ProviderSlot.use}, for a sandbox that outlives the call: its provider stays open until the sandbox is over. */
  keep(ticket: number, stored: StoredProvider, obtain: (provider: SandboxProvider) => Promise<Sandbox>): Promise<Sandbox> {
    return this.#useEntry(ticket, stored, async (entry) => {
      const sandbox = await obtain(entry.provider);
      entry.kept.add(sandbox);
      return new KeptSandbox(sandbox, {
        isReusable: entry.provider.capabilities.executionsPerSandbox === 'many',
        onEnd: () => {
          entry.kept.delete(sandbox);
          this.#endIfUnused(entry);
        },
      });
    });
  }

  /** Closes every provider, which settles the calls that run, and waits for those. Failures go to the listener. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#current = undefined;
    const entries = [...this.#entries];
    await Promise.all(entries.map((entry) => this.#end(entry)));
    await Promise.allSettled(entries.flatMap((entry) => [...entry.running]));
  }

  async #useEntry<Value>(ticket: number, stored: StoredProvider, work: (entry: Entry) => Promise<Value>): Promise<Value> {
    const entry = this.#select(ticket, stored);
    const running = work(entry);
    entry.running.add(running);
    try {
      return await running;
    } finally {
      entry.running.delete(running);
      this.#endIfUnused(entry);
    }
  }

  #select(ticket: number, stored: StoredProvider): Entry {
    if (this.#isClosed) throw clientClosed();
    const former = this.#current;
    if (former !== undefined && (isSame(former.stored, stored) || ticket < this.#currentTicket)) {
      this.#currentTicket = Math.max(this.#currentTicket, ticket);
      return former;
    }
    const entry: Entry = { stored, provider: create(stored), running: new Set(), kept: new Set(), closing: undefined };
    this.#entries.add(entry);
    this.#current = entry;
    this.#currentTicket = ticket;
    if (former !== undefined) this.#endIfUnused(former);
    return entry;
  }

  #endIfUnused(entry: Entry): void {
    if (entry !== this.#current && entry.running.size === 0 && entry.kept.size === 0) void this.#end(entry);
  }

  #end(entry: Entry): Promise<void> {
    entry.closing ??= this.#close(entry);
    return entry.closing;
  }

  async #close(entry: Entry): Promise<void> {
    try {
      await entry.provider.close();
    } catch (error) {
      this.#warn(
        new SandboxError(
          'PROVIDER_UNAVAILABLE',
          `The provider "${entry.provider.id}" could not be closed; it may have left something behind.`,
          {
            providerId: entry.provider.id,
            operation: 'closeProvider',
            suggestion: 'Look for what is left of it with `sandport doctor`; the cause says what it met.',
            cause: error,
          },
        ),
      );
    }
    this.#entries.delete(entry);
  }
}

/** Says that the client takes no more calls. */
export function clientClosed(cause?: unknown): SandboxError {
  return new SandboxError('SANDBOX_CLOSED', 'The sandbox client was closed.', {
    suggestion: 'Create another client; a closed one takes no more calls.',
    cause,
  });
}

function isSame(one: StoredProvider, other: StoredProvider): boolean {
  return one.definition === other.definition && one.configText === other.configText;
}

function create(stored: StoredProvider): SandboxProvider {
  const config = parseStoredConfig(stored);
  const { definition } = stored;
  try {
    return definition.create(config);
  } catch (error) {
    if (SandboxError.isInstance(error)) throw error;
    throw new SandboxError('INTERNAL', `The provider "${definition.id}" could not be created.`, {
      providerId: definition.id,
      operation: 'createProvider',
      suggestion: 'This is a fault of the provider; report it with its cause.',
      cause: error,
    });
  }
}
