import { commonMaxima, type ProviderCapabilities } from '@sandport/core';
import type { StoredToken } from './access-token.ts';

/** What a provider can do, within what a token allows. */
export function capabilitiesWithin(capabilities: ProviderCapabilities, { languages, maxima }: StoredToken): ProviderCapabilities {
  return {
    ...capabilities,
    languages: capabilities.languages.filter((language) => languages === undefined || languages.includes(language)),
    maxima: commonMaxima(capabilities.maxima, maxima),
  };
}
