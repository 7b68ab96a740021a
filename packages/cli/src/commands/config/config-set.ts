import { collect } from '../../collect.ts';
import { Command } from 'commander';
import { describeConfig, providerConfigSetting } from '@sandport/core';
import { carriedProvider } from '../../chosen-provider.ts';
import type { CliContext } from '../../cli-context.ts';
import { parseAssignments } from '../../configuration/assignments.ts';
import { addChangeOptions, type ChangeOptions } from '../../configuration/change-options.ts';
import { readForChange } from '../../configuration/change-session.ts';
import { changedProvider } from '../../configuration/changed-provider.ts';
import { makeChange } from '../../configuration/make-change.ts';
import { tellingRefusedFields } from '../../configuration/telling-refused-fields.ts';
import { writeChange } from '../../configuration/write-change.ts';
import { planSecrets, type SecretOptions } from '../../secrets/read-secrets.ts';
import { withWritableSettings } from '../../settings/with-settings.ts';
import { usageError } from '../../usage-error.ts';

interface ConfigSetOptions extends ChangeOptions, SecretOptions {
  readonly reset?: boolean;
}

const HELP = `
The configuration is checked as a whole before anything is stored. KEY= without a value
takes the field back to its default, and a secret away; --reset forgets all other fields.

A secret is never taken from the command line, where others can see it. Secrets that are
not named stay as they are.

Fields of the provider in use are tried before they are used, as with "config use".

Examples:
  $ sandport config set docker isolation=gvisor warmContainers=2
  $ sandport config set docker dockerHost=unix:///run/user/1000/docker.sock
  $ sandport config set docker --reset profile=data
  $ sandport config set docker --secret tlsKey
  $ sandport config set docker --secret-file tlsKey=./key.pem
  $ vault kv get -field=key secret/docker | sandport config set docker --secret-stdin tlsKey`;

/** `sandport config set` */
export function configSetCommand(context: CliContext): Command {
  const command = new Command('set')
    .description('change fields of the configuration of a provider')
    .argument('<provider>', 'id of the provider')
    .argument('[key=value...]', 'fields and their new values')
    .option('--secret <field>', 'ask for a secret at the terminal, without showing it; may be repeated', collect, [])
    .option('--secret-file <field=path>', 'read a secret from a file; may be repeated', collect, [])
    .option('--secret-stdin <field>', 'read a secret from standard input')
    .option('--reset', 'start from an empty configuration');
  return addChangeOptions(command)
    .addHelpText('after', HELP)
    .action((provider: string, assignments: string[], _options: unknown, self: Command) =>
      setConfig(context, provider, assignments, self.optsWithGlobals<ConfigSetOptions>()),
    );
}

/** Changes fields of a provider's configuration, and keeps the others. */
async function setConfig(context: CliContext, providerId: string, words: readonly string[], options: ConfigSetOptions): Promise<void> {
  const definition = carriedProvider(context.providers, providerId);
  const { id } = definition;
  const fields = describeConfig(definition.configSchema);
  const plan = planSecrets(context, definition, fields, options);
  const assignments = parseAssignments(definition, fields, words);
  const names = [...assignments.map(({ field }) => field.name), ...plan.fields];
  checkNames(names, options);
  const secrets = await plan.read();
  await withWritableSettings(context, options, async (settings) => {
    const seen = await readForChange(settings.configurations, context.signal);
    const former = options.reset === true ? undefined : seen.providers.find((provider) => provider.id === id);
    const change = { providers: { [id]: changedProvider(former, assignments, secrets) } };
    const what = [`set ${names.join(', ')} of ${id}`, ...(options.reset === true ? ['reset'] : [])].join(', ');
    const outcome = await tellingRefusedFields(providerConfigSetting(id), 'Correct the field and call again.', () =>
      makeChange({ context, settings, options }, seen, change, what),
    );
    writeChange(context, options, outcome, `Stored ${names.join(', ')} of "${id}".`);
    if (options.json === true || seen.providerType === id || seen.fallback.includes(id)) return;
    context.stderr.write(`"${id}" is not in use yet; choose it with: sandport config use ${id}\n`);
  });
}

function checkNames(names: readonly string[], { reset }: ConfigSetOptions): void {
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw usageError(`${twice}: is given twice.`, 'Give each field once.');
  if (names.length > 0 || reset === true) return;
  throw usageError('Nothing is to be changed.', 'Write KEY=VALUE, --secret FIELD, or --reset.');
}
