import type { ProviderCapabilities } from '@sandport/core';
import { remoteCapabilities } from '@sandport/provider-kit';
import type { E2bProviderConfig } from './e2b-provider-config.ts';

/** What this provider can do under a configuration, in both ways into a sandbox. */
export function e2bCapabilities(config: E2bProviderConfig): ProviderCapabilities {
  return remoteCapabilities(config, { reconnect: true });
}
