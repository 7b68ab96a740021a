import { createProvider, SandboxError, type JsonObject, type ProviderDefinition, type SandboxProvider } from '@sandport/core';
import { describeFailure } from './describe-failure.ts';
import { settleWithin } from './settle-within.ts';

/** Milliseconds in which a provider must have closed, with everything that it made. */
const CLOSE_BOUND_MS = 15_000;

/** Makes the providers of one preparation, and closes every one of them. */
export class TrialProviders {
  readonly #definition: ProviderDefinition;
  readonly #config: JsonObject;
  readonly #closeBoundMs: number;
  readonly #made = new Set<SandboxProvider>();
  #closing: Promise<string | undefined> | undefined;

  constructor(definition: ProviderDefinition, config: JsonObject, closeBoundMs = CLOSE_BOUND_MS) {
    this.#definition = definition;
    this.#config = config;
    this.#closeBoundMs = closeBoundMs;
  }

  /** @throws SandboxError `CONFIG_INVALID`, `CANCELLED` when all are being closed, or what the factory throws. */
  make(): SandboxProvider {
    // A case that was abandoned may still ask; nobody would close what it got.
    if (this.#closing !== undefined) throw new SandboxError('CANCELLED', 'The trial is over.', { providerId: this.#definition.id });
    const provider = createProvider(this.#definition, this.#config);
    this.#made.add(provider);
    return provider;
  }

  /** Closes every provider, those that a case closed included, and says what went wrong. A second call tells the same. */
  close(): Promise<string | undefined> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<string | undefined> {
    const closing = [...this.#made].map(async (provider) => provider.close());
    const settled = await settleWithin(Promise.allSettled(closing), this.#closeBoundMs);
    if (settled?.status !== 'fulfilled') return `The provider did not close within ${this.#closeBoundMs / 1000} s.`;
    const failed = settled.value.find((outcome) => outcome.status === 'rejected');
    return failed === undefined ? undefined : `The provider did not close: ${describeFailure(failed.reason)}.`;
  }
}
