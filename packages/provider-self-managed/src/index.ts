export { selfManagedProviderConfigSchema, type SelfManagedProviderConfig } from './self-managed-provider-config.ts';
export { createSelfManagedProvider, selfManagedProvider } from './self-managed-provider-definition.ts';
