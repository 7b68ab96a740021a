import { createProvider, SandboxError, type JsonObject, type ProviderDefinition, type SandboxProvider } from '@sandport/core';
import { describeFailure } from './describe-failure.ts';
import { settleWithin } from './settle-within.ts';

/** Milliseconds in which a provider must have closed, with everything that it made. */
const CLOSE_BOUND_MS = 15_000;

/** Makes the providers of one preparation, and closes every one of them. */
export class TrialProviders {
  readonly #definition: ProviderDefinition;
  readonly #config: JsonObject;
  readonly #made = new Set<SandboxProvider>();
  #closing: Promise<string | undefined> | undefined;

  constructor(definition: ProviderDefinition, config: JsonObject) {
    this.#definition = definition;
    this.#config = config;
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
    const outcome = await settleWithin(Promise.all(closing), CLOSE_BOUND_MS);
    if (outcome === undefined) return `The provider did not close within ${CLOSE_BOUND_MS / 1000} s.`;
    return outcome.status === 'rejected' ? `The provider did not close: ${describeFailure(outcome.reason)}` : undefined;
  }
}
