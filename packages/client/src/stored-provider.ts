import {
  jsonObjectSchema,
  parseProviderConfig,
  PROVIDER_TYPE_SETTING,
  providerConfigSetting,
  SandboxError,
  type JsonObject,
  type ProviderDefinition,
  type SettingsStore,
} from '@sandport/core';

/** What the two rows of the stored configuration say. */
export interface StoredProvider {
  readonly definition: ProviderDefinition;
  /** The exact text of the provider's configuration row. */
  readonly configText: string;
}

/**
 * Reads which provider is in use, and its configuration row, in one consistent read.
 *
 * @throws SandboxError `CONFIG_MISSING` or `PROVIDER_UNKNOWN`, naming the row.
 */
export async function readStoredProvider(
  settings: SettingsStore,
  providers: ReadonlyMap<string, ProviderDefinition>,
  signal: AbortSignal | undefined,
): Promise<StoredProvider> {
  // The id is not known before the read, so the rows of all carried providers are asked for at once.
  const names = [PROVIDER_TYPE_SETTING, ...[...providers.keys()].map(providerConfigSetting)];
  const rows = await settings.read(names, { signal });
  const id = rows.get(PROVIDER_TYPE_SETTING)?.value ?? '';
  if (id === '') throw nothingChosen([...providers.keys()]);
  const definition = providers.get(id);
  if (definition === undefined) throw unknownProvider(id, [...providers.keys()]);
  const configText = rows.get(providerConfigSetting(id))?.value;
  if (configText === undefined) throw nothingConfigured(id);
  return { definition, configText };
}

/**
 * The checked configuration of a stored provider.
 *
 * @throws SandboxError `CONFIG_INVALID` naming the row and the field. No value is quoted, since it may be a secret.
 */
export function parseStoredConfig({ definition, configText }: StoredProvider): unknown {
  const row = providerConfigSetting(definition.id);
  const config = parseConfigText(row, configText);
  try {
    return parseProviderConfig(definition, config);
  } catch (error) {
    if (!SandboxError.isInstance(error)) throw error;
    throw new SandboxError('CONFIG_INVALID', `Row "${row}" of the stored configuration: ${error.message}`, {
      providerId: definition.id,
      operation: 'configure',
      suggestion: `Correct the field with \`sandport config set ${definition.id} KEY=VALUE\`, or in the admin page.`,
      details: { ...error.details, row },
      cause: error,
    });
  }
}

/**
 * The JSON object that a configuration row holds.
 *
 * @throws SandboxError `CONFIG_INVALID` naming the row. The text is not quoted, nor the parser's finding, which would quote it.
 */
export function parseConfigText(row: string, text: string): JsonObject {
  const json = parseJson(text);
  if (json === undefined) throw brokenRow(row, 'is not valid JSON');
  const config = jsonObjectSchema.safeParse(json.value);
  if (!config.success) throw brokenRow(row, 'is not a JSON object');
  return config.data;
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function nothingChosen(carried: readonly string[]): SandboxError {
  return new SandboxError('CONFIG_MISSING', `No sandbox provider is chosen: the row "${PROVIDER_TYPE_SETTING}" is not stored.`, {
    operation: 'configure',
    suggestion: `Choose one with \`sandport config use ${carried[0]}\`.`,
    details: { row: PROVIDER_TYPE_SETTING, carried: [...carried] },
  });
}

function nothingConfigured(id: string): SandboxError {
  const row = providerConfigSetting(id);
  return new SandboxError('CONFIG_MISSING', `The provider "${id}" is chosen, but its row "${row}" is not stored.`, {
    providerId: id,
    operation: 'configure',
    suggestion: `Store it with \`sandport config use ${id}\` (defaults) or \`sandport config set ${id} KEY=VALUE\`.`,
    details: { row },
  });
}

function unknownProvider(id: string, carried: readonly string[]): SandboxError {
  // Whatever was pasted into the row by mistake may be a secret; only what looks like an id is repeated.
  const shown = /^[a-z][a-z0-9_]{0,63}$/.test(id) ? `"${id}"` : 'something that is no id of a provider';
  return new SandboxError('PROVIDER_UNKNOWN', `The row "${PROVIDER_TYPE_SETTING}" names ${shown}, which this program does not carry.`, {
    operation: 'configure',
    suggestion: `Choose one of the carried providers (${carried.join(', ')}) with \`sandport config use ${carried[0]}\`.`,
    details: { row: PROVIDER_TYPE_SETTING, carried: [...carried] },
  });
}

function brokenRow(row: string, message: string): SandboxError {
  return new SandboxError('CONFIG_INVALID', `Row "${row}" of the stored configuration ${message}.`, {
    operation: 'configure',
    suggestion: `Store it anew with \`sandport config set ${row.slice(row.indexOf('.') + 1)} --reset KEY=VALUE\`, or in the admin page.`,
    details: { row },
  });
}
