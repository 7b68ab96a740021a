import { existsSync } from 'node:fs';
import { providerConfigSetting, SandboxError, type HealthReport } from '@sandport/core';
import {
  type ActiveConfiguration,
  defaultKeyFile,
  describeKeySource,
  locateSettings,
  type ProviderChange,
  type ProviderView,
  settingsFile,
  type SettingsLocation,
  type StoredSettings,
} from '@sandport/settings';
import { carriedProvider } from '../chosen-provider.ts';
import type { CliContext } from '../cli-context.ts';
import type { ChangeOptions } from '../configuration/change-options.ts';
import { readForChange } from '../configuration/change-session.ts';
import { makeChange } from '../configuration/make-change.ts';
import { tellingRefusedFields } from '../configuration/telling-refused-fields.ts';
import { writeChange } from '../configuration/write-change.ts';
import { isQuiet } from '../progress-option.ts';
import { withWritableSettings } from '../settings/with-settings.ts';
import { askConnection } from './ask-connection.ts';
import { changedConnection, presetsOf } from './changed-connection.ts';
import {
  checkConnection,
  checkTexts,
  sourcesInWords,
  type Connection,
  type ConnectionField,
  type ConnectionForm,
} from './connection-form.ts';
import { testConnection } from './test-connection.ts';

/** Options of every `configure …`. */
export interface ConfigureOptions extends ChangeOptions {
  readonly fromEnv?: boolean;
  readonly use?: boolean;
}

/** A connection that is to be set up. */
interface Configuring {
  readonly context: CliContext;
  readonly form: ConnectionForm;
  readonly options: ConfigureOptions;
  /** What the command line says; it is not asked for, and goes before the environment. */
  readonly given: Connection;
}

/**
 * Asks for a connection or takes it from the environment, tests it, and stores what works.
 *
 * @throws SandboxError `REQUEST_INVALID` for a field, `PROVIDER_UNAVAILABLE` when it does not work, `CONFIG_MISSING` without a master key, and as every change.
 */
export async function configureProvider(
  context: CliContext,
  form: ConnectionForm,
  options: ConfigureOptions,
  given: Connection = {},
): Promise<void> {
  carriedProvider(context.providers, form.providerId);
  const configuring = { context, form, options, given };
  const location = locateSettings(context, options.settings);
  await checkMasterKey(configuring, location);
  const path = settingsFile(location);
  // Settings that are not there yet are made only when there is something to store.
  if (path !== undefined && !existsSync(path)) {
    const proven = await proveConnection(configuring, undefined);
    await withWritableSettings(context, options, async (settings) =>
      store(configuring, settings, await readForChange(settings.configurations, context.signal), proven),
    );
    return;
  }
  await withWritableSettings(context, options, async (settings) => {
    const seen = await readForChange(settings.configurations, context.signal);
    const former = seen.providers.find(({ id }) => id === form.providerId);
    await store(configuring, settings, seen, await proveConnection(configuring, former));
  });
}

/** Nobody is to type everything in vain. */
async function checkMasterKey({ context: { environment, signal }, form }: Configuring, location: SettingsLocation): Promise<void> {
  if ((await describeKeySource({ environment, defaultKeyFile: defaultKeyFile(location), signal })) !== undefined) return;
  throw new SandboxError('CONFIG_MISSING', `${form.secretInWords} cannot be stored: no master key is configured.`, {
    providerId: form.providerId,
    operation: 'configure',
    suggestion: 'Make one with `sandport secrets create-key`, and call again.',
  });
}

/** A change that was tested. */
interface ProvenChange {
  readonly change: ProviderChange;
  readonly report: HealthReport;
}

async function proveConnection({ context, form, options, given }: Configuring, former: ProviderView | undefined): Promise<ProvenChange> {
  const { environment } = context;
  const { fromEnv = false } = options;
  const advise = (field: ConnectionField) =>
    fromEnv || given[field.name] !== undefined ? `Set ${sourcesInWords(field)}.` : `Call again with another "${field.name}".`;
  checkTexts(form, given, advise);
  const connection = fromEnv
    ? { ...form.fromEnvironment(environment, given), ...given }
    : await askConnection(context, form, { given, presets: presetsOf(form, environment, former) });
  checkConnection(form, connection, advise);
  const change = changedConnection(form, former, connection);
  return { change, report: await testConnection(context, form, change.config, { isQuiet: isQuiet(options) }) };
}

async function store(
  { context, form: { providerId }, options }: Configuring,
  settings: StoredSettings,
  seen: ActiveConfiguration,
  { change, report }: ProvenChange,
): Promise<void> {
  const { use: isUsed = false, json = false } = options;
  const outcome = await tellingRefusedFields(providerConfigSetting(providerId), 'Correct the field and call again.', () =>
    makeChange(
      { context, settings, options },
      seen,
      { providers: { [providerId]: change }, ...(isUsed ? { providerType: providerId } : {}) },
      `configure ${providerId}${isUsed ? ' and use it' : ''}`,
    ),
  );
  const { status, checks } = report;
  const document = { ...outcome, connection: { status, checks } };
  writeChange(context, options, document, `Stored the connection of "${providerId}"${isUsed ? ', and code now runs there' : ''}.`);
  if (json || isUsed || seen.providerType === providerId || seen.fallback.includes(providerId)) return;
  context.stderr.write(`"${providerId}" is not in use yet; choose it with: sandport config use ${providerId}\n`);
}
