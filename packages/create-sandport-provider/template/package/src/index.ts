export { newCloudProviderConfigSchema, type NewCloudProviderConfig } from './new-cloud-provider-config.ts';
export { createNewCloudProvider, newCloudProvider } from './new-cloud-provider-definition.ts';
