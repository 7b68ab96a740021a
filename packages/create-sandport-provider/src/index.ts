export { createInRepository, findRepository } from './repository/create-in-repository.ts';
export { createStandalone, type StandaloneOptions } from './create-standalone.ts';
export type { CreatedProvider } from './created-provider.ts';
export { parseProviderName, type ProviderName } from './provider-name.ts';
