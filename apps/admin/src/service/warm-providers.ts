import { SandboxError, type SandboxProvider } from '@sandport/core';
import { closeProvider } from './close-provider.ts';

/** Providers that are kept although nobody uses them, so that the next program need not wait. */
const MAX_IDLE = 4;

/** A provider for as long as it is used. */
export interface ProviderLease extends Disposable {
  readonly provider: SandboxProvider;
}

/** How long providers are kept, and who is told of those that do not close. */
export interface WarmProvidersOptions {
  /** Milliseconds after its last use in which a provider is kept. */
  readonly keepMs: number;
  readonly onFault: (error: unknown) => void;
}

interface WarmProvider {
  readonly provider: SandboxProvider;
  users: number;
  timer: NodeJS.Timeout | undefined;
}

/** Providers that were made for the programs of operators, one for each configuration. Each is closed a while after its last use, and all are closed with it. */
export class WarmProviders {
  readonly #options: WarmProvidersOptions;
  /** By configuration, the one that was used last behind the others. */
  readonly #providers = new Map<string, WarmProvider>();
  readonly #closing = new Set<Promise<void>>();
  #isClosed = false;

  constructor(options: WarmProvidersOptions) {
    this.#options = options;
  }

  /** Configurations for which a provider is kept now. */
  get size(): number {
    return this.#providers.size;
  }

  /**
   * The provider of a configuration, made if there is none.
   *
   * @param key the same for the same provider with the same configuration.
   * @throws SandboxError `CANCELLED` when all are closed, and what `make` throws.
   */
  lease(key: string, make: () => SandboxProvider): ProviderLease {
    if (this.#isClosed) throw new SandboxError('CANCELLED', 'The server stops.', { suggestion: 'Try again when it is up.' });
    const warm = this.#providers.get(key) ?? { provider: make(), users: 0, timer: undefined };
    clearTimeout(warm.timer);
    warm.users += 1;
    this.#providers.delete(key);
    this.#providers.set(key, warm);
    let isLeased = true;
    return {
      provider: warm.provider,
      [Symbol.dispose]: () => {
        if (isLeased) this.#giveBack(key, warm);
        isLeased = false;
      },
    };
  }

  /** Closes every provider, those that are used as well, and settles when they are closed, or were given their time for it. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const key of this.#providers.keys()) this.#end(key);
    await Promise.all(this.#closing);
  }

  #giveBack(key: string, warm: WarmProvider): void {
    warm.users -= 1;
    if (warm.users > 0 || this.#providers.get(key) !== warm) return;
    warm.timer = setTimeout(() => this.#end(key), this.#options.keepMs).unref();
    const idle = [...this.#providers].filter(([, { users }]) => users === 0).map(([each]) => each);
    for (const each of idle.slice(0, Math.max(0, idle.length - MAX_IDLE))) this.#end(each);
  }

  #end(key: string): void {
    const warm = this.#providers.get(key);
    if (warm === undefined) return;
    clearTimeout(warm.timer);
    this.#providers.delete(key);
    const closing = closeProvider(warm.provider).catch(this.#options.onFault);
    this.#closing.add(closing);
    void closing.finally(() => this.#closing.delete(closing));
  }
}
