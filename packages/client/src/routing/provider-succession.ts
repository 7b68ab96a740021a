import type { ConfigurationSnapshot } from '../configuration/configuration-snapshot.ts';
import { unlessBroken } from '../configuration/row-errors.ts';
import type { LiveProviders } from './live-providers.ts';
import { providerKey } from './live-provider.ts';

/**
 * Lets the providers of a new configuration take the places of the former ones. While the chosen provider's row is broken no call reaches anything, and the former providers
 * stay for the moment at which it is mended.
 *
 * @param isLatest Whether the configuration has not been replaced meanwhile.
 */
export async function installProviders(live: LiveProviders, snapshot: ConfigurationSnapshot, isLatest: () => boolean): Promise<void> {
  const ids = unlessBroken(() => snapshot.candidateIds);
  if (ids === undefined) return;
  const keys = new Set(ids.flatMap((id) => unlessBroken(() => providerKey(snapshot.provider(id))) ?? []));
  live.wanted = new Set([...live.wanted, ...keys]);
  const [opening] = await Promise.allSettled([openChosen(snapshot)]);
  if (opening.status === 'fulfilled' && isLatest()) live.wanted = keys;
}

async function openChosen(snapshot: ConfigurationSnapshot): Promise<void> {
  await snapshot.provider(snapshot.chosenId).open();
}
