/** What says which providers a configuration uses. */
export interface ProviderChoice {
  readonly providerType: string | null;
  readonly fallback: readonly string[];
}

/** The chosen provider and those of the fallback chain. */
export function providersInUse({ providerType, fallback }: ProviderChoice): string[] {
  return [...new Set([...(providerType === null ? [] : [providerType]), ...fallback])];
}
