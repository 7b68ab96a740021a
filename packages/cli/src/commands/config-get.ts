import { parseConfigText } from '@sandport/client';
import {
  describeConfig,
  PROVIDER_TYPE_SETTING,
  providerConfigSetting,
  SandboxError,
  type JsonValue,
  type ProviderDefinition,
} from '@sandport/core';
import type { CliContext } from '../cli-context.ts';
import { colorsFor } from '../colors-for.ts';
import { printableLine } from '../printable-text.ts';
import { locateSettings, openStoredSettings } from '../settings-location.ts';
import { writeJson } from '../write-json.ts';

/** Options of `sandport config get`. */
export interface ConfigGetOptions {
  readonly json?: boolean;
  readonly settings?: string;
}

interface FieldView {
  readonly name: string;
  readonly value: JsonValue;
  readonly isDefault: boolean;
}

interface ProviderView {
  readonly id: string;
  readonly displayName: string;
  readonly fields: readonly FieldView[];
  /** Why the row cannot be shown. */
  readonly problem: string | null;
}

/** Shows what is stored, without secrets. */
export async function getConfig(context: CliContext, options: ConfigGetOptions): Promise<void> {
  const location = locateSettings(context, options.settings);
  const settings = openStoredSettings(location);
  try {
    const names = [PROVIDER_TYPE_SETTING, ...context.providers.map(({ id }) => providerConfigSetting(id))];
    const rows = await settings.read(names, { signal: context.signal });
    const providerType = rows.get(PROVIDER_TYPE_SETTING)?.value ?? null;
    const views = context.providers.flatMap((definition) => {
      const row = rows.get(providerConfigSetting(definition.id));
      return row === undefined ? [] : [viewOf(definition, row.value)];
    });
    if (options.json === true) writeJson(context.stdout, { settingsPath: location.path, providerType, providers: views });
    else writeViews(context, location.path, providerType, views);
  } finally {
    await settings.close();
  }
}

function viewOf(definition: ProviderDefinition, text: string): ProviderView {
  const { id, displayName } = definition;
  try {
    const config = parseConfigText(providerConfigSetting(id), text);
    const known = describeConfig(definition.configSchema);
    const fields = known.flatMap(({ name, secret, default: byDefault }): FieldView[] => {
      const value = Object.hasOwn(config, name) ? config[name] : undefined;
      if (value !== undefined) return [{ name, value: secret ? '[redacted]' : value, isDefault: false }];
      return byDefault === undefined ? [] : [{ name, value: secret ? '[redacted]' : byDefault, isDefault: true }];
    });
    // A field that nobody knows may be a secret with a slip in its name.
    const unknown = Object.keys(config).filter((name) => known.every((field) => field.name !== name));
    const hidden = unknown.map((name): FieldView => ({ name, value: '[hidden]', isDefault: false }));
    const problem = unknown.length === 0 ? null : `Not a known field: ${unknown.join(', ')}.`;
    return { id, displayName, fields: [...fields, ...hidden], problem };
  } catch (error) {
    if (!SandboxError.isInstance(error) || error.code !== 'CONFIG_INVALID') throw error;
    return { id, displayName, fields: [], problem: error.message };
  }
}

function writeViews(context: CliContext, path: string, providerType: string | null, views: readonly ProviderView[]): void {
  const colors = colorsFor(context.stdout, context);
  context.stdout.write(`settings  ${path}\nprovider  ${providerType === null ? 'none chosen' : printableLine(providerType, 64)}\n`);
  for (const { id, displayName, fields, problem } of views) {
    context.stdout.write(`\n${colors.bold(id)} (${displayName})\n`);
    const width = Math.max(0, ...fields.map((field) => field.name.length));
    for (const { name, value, isDefault } of fields) {
      const text = printableLine(typeof value === 'string' ? value : JSON.stringify(value));
      context.stdout.write(`  ${printableLine(name).padEnd(width)}  ${text}${isDefault ? colors.dim(' (default)') : ''}\n`);
    }
    if (problem !== null) context.stdout.write(`  ${colors.red('✘')} ${printableLine(problem)}\n`);
  }
}
