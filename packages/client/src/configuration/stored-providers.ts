import type { ProviderDefinition } from '@sandport/core';
import { StoredProvider, type Unseal } from './stored-provider.ts';

/** Gives the same object for the same text as long as the row does not change, so that nothing is opened and checked twice. */
export class StoredProviders {
  readonly #unseal: Unseal;
  readonly #latest = new Map<string, StoredProvider>();

  constructor(unseal: Unseal) {
    this.#unseal = unseal;
  }

  of(definition: ProviderDefinition, text: string): StoredProvider {
    const known = this.#latest.get(definition.id);
    if (known?.isOf(definition, text) === true) return known;
    const stored = new StoredProvider(definition, text, this.#unseal);
    this.#latest.set(definition.id, stored);
    return stored;
  }
}
