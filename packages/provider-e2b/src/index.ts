export { e2bProviderConfigSchema, type E2bProviderConfig } from './e2b-provider-config.ts';
export { createE2bProvider, e2bProvider } from './e2b-provider-definition.ts';
export type { E2bProviderOptions } from './e2b-provider.ts';
export { cleanE2bSandboxes } from './clean-sandboxes.ts';
export type { ReapReport } from '@sandport/provider-kit';
export { describeSettings, type DescribedSetting, type SettingName, type SettingOrigin } from './settings/resolve-settings.ts';
export { KNOWN_SERVICES, type KnownService, type ServiceName } from './settings/services.ts';
export type { E2bSdk, SdkSource } from './sdk/e2b-sdk.ts';
