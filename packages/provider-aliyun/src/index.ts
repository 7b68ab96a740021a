export { aliyunProviderConfigSchema, type AliyunProviderConfig } from './aliyun-provider-config.ts';
export { aliyunProvider, createAliyunProvider } from './aliyun-provider-definition.ts';
export type { AliyunProviderOptions } from './aliyun-provider.ts';
export { cleanAliyunSandboxes } from './clean-sandboxes.ts';
export type { ReapReport } from '@sandport/provider-kit';
export { describeSettings, type DescribedSetting, type SettingName, type SettingOrigin } from './settings/resolve-settings.ts';
export type { CredentialsChain } from './settings/key-provider.ts';
export type { TemplateProgress } from './template/template-keeper.ts';
