/** What says which providers a configuration uses. */
export interface ProviderChoice {
  /** `null` when none is chosen. */
  readonly providerType: string | null;
  /** By id, in their order. */
  readonly fallback: readonly string[];
}

/** The chosen provider and those of the fallback chain, each once, in the order in which they are asked. */
export function providersInUse({ providerType, fallback }: ProviderChoice): string[] {
  return [...new Set([...(providerType === null ? [] : [providerType]), ...fallback])];
}
