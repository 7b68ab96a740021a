import type { ProviderCapabilities } from '@sandport/core';
import { remoteCapabilities } from '@sandport/provider-kit';
import type { NewCloudProviderConfig } from './new-cloud-provider-config.ts';

/** What this provider can do under a configuration. What is not declared here is refused. */
export function newCloudCapabilities(config: NewCloudProviderConfig): ProviderCapabilities {
  return remoteCapabilities(config, { reconnect: false });
}
