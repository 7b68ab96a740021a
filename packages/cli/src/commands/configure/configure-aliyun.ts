import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { providerConfigSetting, SandboxError, type HealthReport } from '@sandport/core';
import {
  describeKeySource,
  type ActiveConfiguration,
  type ProviderChange,
  type ProviderView,
  type StoredSettings,
} from '@sandport/settings';
import { askConnection } from '../../aliyun/ask-connection.ts';
import { changedConnection, presetsOf } from '../../aliyun/changed-connection.ts';
import { checkConnection, CONNECTION_FIELDS, parseGivenConfig, variablesInWords } from '../../aliyun/connection.ts';
import { environmentConnection } from '../../aliyun/environment-connection.ts';
import { ALIYUN_PROVIDER_ID } from '../../aliyun/provider-id.ts';
import { testConnection } from '../../aliyun/test-connection.ts';
import { carriedProvider } from '../../chosen-provider.ts';
import type { CliContext } from '../../cli-context.ts';
import { addChangeOptions, type ChangeOptions } from '../../configuration/change-options.ts';
import { readForChange } from '../../configuration/change-session.ts';
import { makeChange } from '../../configuration/make-change.ts';
import { tellingRefusedFields } from '../../configuration/telling-refused-fields.ts';
import { writeChange } from '../../configuration/write-change.ts';
import { defaultKeyFile } from '../../settings/default-key-file.ts';
import { locateSettings, settingsFile, type SettingsLocation } from '../../settings/settings-location.ts';
import { withWritableSettings } from '../../settings/with-settings.ts';

interface ConfigureAliyunOptions extends ChangeOptions {
  readonly fromEnv?: boolean;
  readonly use?: boolean;
}

interface ConfigureSession {
  readonly context: CliContext;
  readonly settings: StoredSettings;
  readonly options: ConfigureAliyunOptions;
}

const HELP = `
Asks for the access key (its secret is not shown), the account, the region and the template,
tests the connection with a trivial program in each language, and stores only what works.
The template is created where there is none. Other fields stay as they are stored; change
them with "sandport config set ${ALIYUN_PROVIDER_ID}".

With --from-env nothing is asked. Each field comes from the first variable that is set; the
halves of a key, and its token, come from one family:
${CONNECTION_FIELDS.map((name) => `  ${name.padEnd(16)} ${variablesInWords(name)}`).join('\n')}

The secret is never taken from the command line. To store it takes a master key: make one
with "sandport secrets create-key".

--use also chooses the provider, after the trial that "config use" makes. Without --use that
is tried only when the provider is in use already; the test of the connection always is.

Examples:
  $ sandport configure aliyun
  $ sandport configure aliyun --use
  $ sandport configure aliyun --from-env --use --json
  $ AGENTRUN_REGION=cn-shanghai sandport configure aliyun --from-env --reason "moved"`;

/** `sandport configure aliyun` */
export function configureAliyunCommand(context: CliContext): Command {
  const command = new Command('aliyun')
    .description('set up Alibaba Cloud AgentRun, test the connection, and store it')
    .option('--from-env', 'take every field from its variable instead of asking')
    .option('--use', 'also choose it as the provider that runs code');
  return addChangeOptions(command)
    .addHelpText('after', HELP)
    .action((_options: unknown, self: Command) => configureAliyun(context, self.optsWithGlobals<ConfigureAliyunOptions>()));
}

/** Settings that are not there yet are made only when there is something to store. */
async function configureAliyun(context: CliContext, options: ConfigureAliyunOptions): Promise<void> {
  carriedProvider(context.providers, ALIYUN_PROVIDER_ID);
  const location = locateSettings(context, options.settings);
  await checkMasterKey(context, location);
  const path = settingsFile(location);
  if (path !== undefined && !existsSync(path)) {
    const proven = await proveConnection(context, options, undefined);
    await withWritableSettings(context, options, async (settings) =>
      store({ context, settings, options }, await readForChange(settings.configurations, context.signal), proven),
    );
    return;
  }
  await withWritableSettings(context, options, async (settings) => {
    const seen = await readForChange(settings.configurations, context.signal);
    const former = seen.providers.find(({ id }) => id === ALIYUN_PROVIDER_ID);
    await store({ context, settings, options }, seen, await proveConnection(context, options, former));
  });
}

/** Nobody is to type everything in vain. */
async function checkMasterKey({ environment, signal }: CliContext, location: SettingsLocation): Promise<void> {
  if ((await describeKeySource({ environment, defaultKeyFile: defaultKeyFile(location), signal })) !== undefined) return;
  throw new SandboxError('CONFIG_MISSING', 'The secret of the access key cannot be stored: no master key is configured.', {
    providerId: ALIYUN_PROVIDER_ID,
    operation: 'configure',
    suggestion: 'Make one with `sandport secrets create-key`, and call again.',
  });
}

/** A change that was tested. */
interface ProvenChange {
  readonly change: ProviderChange;
  readonly report: HealthReport;
}

async function proveConnection(
  context: CliContext,
  { fromEnv, json }: ConfigureAliyunOptions,
  former: ProviderView | undefined,
): Promise<ProvenChange> {
  const connection =
    fromEnv === true ? environmentConnection(context.environment) : await askConnection(context, presetsOf(context, former));
  checkConnection(connection, (name) => (fromEnv === true ? `Set ${variablesInWords(name)}.` : `Call again with another "${name}".`));
  const change = changedConnection(former, connection);
  return { change, report: await testConnection(context, parseGivenConfig(change.config), { isQuiet: json === true }) };
}

async function store(session: ConfigureSession, seen: ActiveConfiguration, { change, report }: ProvenChange): Promise<void> {
  const { context, options } = session;
  const { use: isUsed = false, json = false } = options;
  const row = providerConfigSetting(ALIYUN_PROVIDER_ID);
  const outcome = await tellingRefusedFields(row, 'Correct the field and call again.', () =>
    makeChange(
      session,
      seen,
      { providers: { [ALIYUN_PROVIDER_ID]: change }, ...(isUsed ? { providerType: ALIYUN_PROVIDER_ID } : {}) },
      `configure ${ALIYUN_PROVIDER_ID}${isUsed ? ' and use it' : ''}`,
    ),
  );
  const { status, checks } = report;
  const document = { ...outcome, connection: { status, checks } };
  writeChange(context, options, document, `Stored the connection of "${ALIYUN_PROVIDER_ID}"${isUsed ? ', and code now runs there' : ''}.`);
  if (json || isUsed || seen.providerType === ALIYUN_PROVIDER_ID || seen.fallback.includes(ALIYUN_PROVIDER_ID)) return;
  context.stderr.write(`"${ALIYUN_PROVIDER_ID}" is not in use yet; choose it with: sandport config use ${ALIYUN_PROVIDER_ID}\n`);
}
