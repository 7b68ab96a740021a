import type { ProviderCapabilities } from '@sandport/core';
import type { StoredToken } from './access-token.ts';

/** What a provider can do, within what a token allows. */
export function capabilitiesWithin(capabilities: ProviderCapabilities, { languages, maxima }: StoredToken): ProviderCapabilities {
  const lowered = Object.fromEntries(
    Object.entries(maxima).flatMap(([name, most]) => {
      if (most === undefined) return [];
      const own = capabilities.maxima[name as keyof typeof maxima];
      return [[name, own === undefined ? most : Math.min(own, most)]];
    }),
  );
  return {
    ...capabilities,
    languages: capabilities.languages.filter((language) => languages === undefined || languages.includes(language)),
    maxima: { ...capabilities.maxima, ...lowered },
  };
}
