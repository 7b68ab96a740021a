import type { ProviderCapabilities } from '@sandport/core';
import { remoteCapabilities } from '@sandport/provider-kit';
import type { AliyunProviderConfig } from './aliyun-provider-config.ts';

/** What this provider can do under a configuration. */
export function aliyunCapabilities(config: AliyunProviderConfig): ProviderCapabilities {
  return remoteCapabilities(config, { reconnect: false });
}
