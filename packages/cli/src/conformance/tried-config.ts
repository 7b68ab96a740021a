import { jsonObjectSchema, parseProviderConfig, SandboxError, type JsonObject, type ProviderDefinition } from '@sandport/core';
import { locateSettings } from '@sandport/settings';
import type { CliContext } from '../cli-context.ts';
import { decodeText, readLocalFile, readStandardInput } from '../given-bytes.ts';
import type { SettingsOption } from '../settings/with-settings.ts';
import { readStoredProvider } from '../settings/read-stored-provider.ts';
import { usageError } from '../usage-error.ts';

/** Room for every field, with certificates. */
const CONFIG_MAX_BYTES = 256 * 1024;

/** Where the configuration comes from. */
export interface TriedConfigOptions extends SettingsOption {
  /** A file, or `-`. @default what is stored, else the provider's defaults */
  readonly config?: string;
}

/** A configuration, and who gave it. */
export interface TriedConfig {
  /** With secrets in the clear. */
  readonly config: JsonObject;
  readonly source: 'file' | 'settings' | 'defaults';
}

/**
 * The configuration that a provider is tried with, checked as the provider checks it.
 *
 * @throws SandboxError `REQUEST_INVALID` for a file that is wrong, naming the field; `CONFIG_INVALID` for one that is stored, or for defaults that do not do.
 */
export async function triedConfig(context: CliContext, definition: ProviderDefinition, options: TriedConfigOptions): Promise<TriedConfig> {
  if (options.config !== undefined) {
    const config = await readConfig(context, options.config);
    try {
      parseProviderConfig(definition, config);
    } catch (error) {
      if (!SandboxError.isInstance(error) || error.code !== 'CONFIG_INVALID') throw error;
      throw usageError(`--config: ${error.message}`, error.suggestion ?? 'Correct the file.', error);
    }
    return { config, source: 'file' };
  }
  const stored = await readStoredProvider(context, definition.id, locateSettings(context, options.settings));
  const config = stored?.config ?? {};
  parseProviderConfig(definition, config);
  return { config, source: stored === undefined ? 'defaults' : 'settings' };
}

async function readConfig(context: CliContext, file: string): Promise<JsonObject> {
  const bytes =
    file === '-' ? await readStandardInput(context, CONFIG_MAX_BYTES, 'configuration') : await readLocalFile(file, CONFIG_MAX_BYTES);
  const config = jsonObjectSchema.safeParse(parseJson(decodeText(file, bytes)));
  if (config.success) return config.data;
  throw usageError('--config: is not a JSON object.', 'Write an object with the fields of the configuration, such as {"apiKey": "…"}.');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // What the parser says quotes the text, which may hold a secret.
    if (!(error instanceof SyntaxError)) throw error;
    throw usageError('--config: is not valid JSON.', 'Write an object with the fields of the configuration, such as {"apiKey": "…"}.');
  }
}
