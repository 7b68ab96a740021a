/** Longest name of a setting, as the column has it. */
export const SETTING_NAME_MAX_LENGTH = 128;

/** The row that names the provider in use; its value is a provider id. */
export const PROVIDER_TYPE_SETTING = 'sandbox.provider_type';

/** The row that holds what every configuration and call must keep to, as JSON: a {@link SandboxPolicy}. */
export const POLICY_SETTING = 'sandbox.policy';

/** The row that lists the ids of providers that may take a call which the chosen one cannot begin, as a JSON array. */
export const FALLBACK_SETTING = 'sandbox.fallback';

/** The row that says which recorded version the others come from, as JSON: an {@link ActiveVersion}. */
export const VERSION_SETTING = 'sandbox.version';

/** Names of rows below `sandbox.` that are no configuration of a provider, and so no id of one. */
const RESERVED_NAMES: ReadonlySet<string> = new Set([PROVIDER_TYPE_SETTING, POLICY_SETTING, FALLBACK_SETTING, VERSION_SETTING]);

/** The row that holds one provider's configuration as a JSON object. */
export function providerConfigSetting(providerId: string): string {
  return `sandbox.${providerId}`;
}

/** The provider whose configuration a row holds; `undefined` for any other row. */
export function providerOfSetting(name: string): string | undefined {
  if (RESERVED_NAMES.has(name)) return undefined;
  return /^sandbox\.([a-z][a-z0-9_]*)$/.exec(name)?.[1];
}

/** The row that holds the newest {@link Passport} of a provider, as JSON. */
export function passportSetting(providerId: string): string {
  return `sandbox.passport.${providerId}`;
}
