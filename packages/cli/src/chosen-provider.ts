import { PROVIDER_TYPE_SETTING, SandboxError, type ProviderDefinition, type SettingsStore } from '@sandport/core';

/** The carried provider with this id; a wrong id is the caller's mistake. */
export function carriedProvider(providers: readonly ProviderDefinition[], id: string): ProviderDefinition {
  const definition = providers.find((each) => each.id === id);
  if (definition !== undefined) return definition;
  throw new SandboxError('REQUEST_INVALID', `"${id.slice(0, 64)}" is not a provider that this command carries.`, {
    suggestion: `Use one of: ${providers.map((each) => each.id).join(', ')}.`,
    details: { field: 'provider', carried: providers.map((each) => each.id) },
  });
}

/** The same settings with another provider chosen, for one command only; nothing is written. */
export function withProvider(settings: SettingsStore, id: string): SettingsStore {
  const chosen = { name: PROVIDER_TYPE_SETTING, source: 'command line', dataType: 'string', value: id };
  return {
    read: async (names, options) => {
      const rows = await settings.read(names, options);
      return names.includes(PROVIDER_TYPE_SETTING) ? new Map([...rows, [PROVIDER_TYPE_SETTING, chosen]]) : rows;
    },
    unseal: (name, config, options) => settings.unseal(name, config, options),
    close: () => settings.close(),
  };
}
