import { FALLBACK_SETTING, POLICY_SETTING, PROVIDER_TYPE_SETTING, providerOfSetting } from '@sandport/core';

/** What a version is a snapshot of: the exact names of the governed rows, and their exact texts. */
export type ConfigurationDocument = ReadonlyMap<string, string>;

/** Whether a row is part of versions: the chosen provider, every provider's configuration, the policy and the fallback chain. */
export function isGovernedSetting(name: string): boolean {
  return name === PROVIDER_TYPE_SETTING || name === POLICY_SETTING || name === FALLBACK_SETTING || providerOfSetting(name) !== undefined;
}

/** What the column `data_type` says of a row that we write. */
export function dataTypeOf(name: string): 'string' | 'json' {
  return name === PROVIDER_TYPE_SETTING ? 'string' : 'json';
}

/** Names of the rows that differ, in order; rows that only one of the two has are among them. */
export function changedRows(before: ConfigurationDocument, after: ConfigurationDocument): string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name)).toSorted();
}
