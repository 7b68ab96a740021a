import type { VersionView } from '@sandport/admin-api';
import type { ProviderView } from '@sandport/settings';

type StoredProvider = VersionView['providers'][string];

/** What is stored of a provider, as it may be shown. */
export function storedOf({ fields, secrets, problem }: ProviderView): StoredProvider {
  return { config: { ...fields }, secrets: { ...secrets }, problem };
}
