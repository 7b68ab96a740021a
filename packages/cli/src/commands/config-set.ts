import { parseConfigText } from '@sandport/client';
import {
  describeConfig,
  parseProviderConfig,
  PROVIDER_TYPE_SETTING,
  providerConfigSetting,
  SandboxError,
  type ConfigFieldDescription,
  type JsonObject,
  type ProviderDefinition,
  type SettingsStore,
} from '@sandport/core';
import { carriedProvider } from '../chosen-provider.ts';
import type { CliContext } from '../cli-context.ts';
import { parseFieldValue } from '../field-value.ts';
import { locateSettings, openWritableSettings } from '../settings-location.ts';
import { usageError } from '../usage-error.ts';

/** Options of `sandport config set`. */
export interface ConfigSetOptions {
  readonly reset?: boolean;
  readonly settings?: string;
}

/** Changes fields of a provider's configuration; the whole of it is checked before anything is stored. */
export async function setConfig(
  context: CliContext,
  providerId: string,
  assignments: readonly string[],
  options: ConfigSetOptions,
): Promise<void> {
  const definition = carriedProvider(context.providers, providerId);
  const fields = describeConfig(definition.configSchema);
  const changes = assignments.map((assignment) => parseAssignment(definition, fields, assignment));
  const row = providerConfigSetting(definition.id);
  const settings = openWritableSettings(locateSettings(context, options.settings));
  try {
    const former = options.reset === true ? {} : await readConfig(settings, row, context.signal);
    const config = withChanges(former, changes);
    check(definition, config);
    await settings.write([{ name: row, source: 'cli', dataType: 'json', value: JSON.stringify(config) }], { signal: context.signal });
    context.stdout.write(`Stored ${changes.map(({ field }) => field.name).join(', ')} of "${definition.id}".\n`);
    const inUse = (await settings.read([PROVIDER_TYPE_SETTING])).get(PROVIDER_TYPE_SETTING)?.value;
    if (inUse !== definition.id) context.stderr.write(`It is not in use yet; choose it with: sandport config use ${definition.id}\n`);
  } finally {
    await settings.close();
  }
}

interface Change {
  readonly field: ConfigFieldDescription;
  /** The text after `=`; empty takes the field back to its default. */
  readonly text: string;
}

function parseAssignment(definition: ProviderDefinition, fields: readonly ConfigFieldDescription[], assignment: string): Change {
  const separator = assignment.indexOf('=');
  // What has no "=" may be a value that was meant to be secret, so it is not repeated.
  if (separator < 1) throw usageError('An assignment has no KEY=.', 'Write KEY=VALUE, for example: isolation=gvisor');
  const name = assignment.slice(0, separator);
  const field = fields.find((each) => each.name === name);
  if (field !== undefined) return { field, text: assignment.slice(separator + 1) };
  throw usageError(
    `"${name.slice(0, 64)}" is not a field of the configuration of "${definition.id}".`,
    `Its fields are: ${fields.map((each) => each.name).join(', ')}.`,
  );
}

async function readConfig(settings: SettingsStore, row: string, signal: AbortSignal): Promise<JsonObject> {
  const stored = (await settings.read([row], { signal })).get(row);
  return stored === undefined ? {} : parseConfigText(row, stored.value);
}

function withChanges(former: JsonObject, changes: readonly Change[]): JsonObject {
  const config = new Map(Object.entries(former));
  for (const { field, text } of changes) {
    if (text === '') config.delete(field.name);
    else config.set(field.name, parseFieldValue(field, text));
  }
  return Object.fromEntries(config);
}

function check(definition: ProviderDefinition, config: JsonObject): void {
  try {
    parseProviderConfig(definition, config);
  } catch (error) {
    if (!SandboxError.isInstance(error)) throw error;
    throw usageError(`${error.message} Nothing was stored.`, 'Correct the field and call again.', error);
  }
}
