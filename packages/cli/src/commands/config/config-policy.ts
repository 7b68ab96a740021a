import { Command } from 'commander';
import type { CliContext } from '../../cli-context.ts';
import { addChangeOptions, type ChangeOptions } from '../../configuration/change-options.ts';
import { readForChange } from '../../configuration/change-session.ts';
import { makeChange } from '../../configuration/make-change.ts';
import { writeChange } from '../../configuration/write-change.ts';
import { readPolicyFile } from '../../configuration/read-policy-file.ts';
import { withStoredSettings, withWritableSettings, type SettingsOption } from '../../settings/with-settings.ts';
import { writeJson } from '../../write-json.ts';

interface PolicyShowOptions extends SettingsOption {
  readonly json?: boolean;
}

const HELP = `
The policy is what every configuration and every call must keep to: weakest isolation,
network, languages, highest limits, age of passports.

Examples:
  $ sandport config policy
  $ sandport config policy set policy.json
  $ sandport config policy remove`;

const SET_HELP = `
Stores the whole policy in the place of the former one. Providers in use whose passport it
does not accept are tried first. Its members, all of them optional:

  minimumIsolation       runc, wasm or gvisor: the weakest that a passport may have measured
  trustRemoteIsolation   whether a service's word for its isolation counts (false)
  allowNetwork           whether calls may ask for a network (false)
  languages              those that calls may use (every one)
  maxima                 highest timeoutMs, outputBytes, memoryBytes, processes, diskBytes,
                         cpus, openFiles, lifetimeMs
  maxPassportAgeHours    age at which a passport stops being proof (never)

Examples:
  $ sandport config policy set policy.json
  $ echo '{"minimumIsolation": "gvisor"}' | sandport config policy set -`;

const REMOVE_HELP = `
Examples:
  $ sandport config policy remove --reason "back to none"`;

/** `sandport config policy …` */
export function configPolicyCommand(context: CliContext): Command {
  const set = addChangeOptions(
    new Command('set').description('store a policy').argument('<file>', 'the policy as JSON; - reads it from standard input'),
  )
    .addHelpText('after', SET_HELP)
    .action((file: string, _options: unknown, command: Command) => setPolicy(context, file, command.optsWithGlobals<ChangeOptions>()));
  const remove = addChangeOptions(new Command('remove').description('forget the policy'))
    .addHelpText('after', REMOVE_HELP)
    .action((_options: unknown, command: Command) => removePolicy(context, command.optsWithGlobals<ChangeOptions>()));
  return new Command('policy')
    .description('show and change what every configuration and call must keep to')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action((_options: unknown, command: Command) => showPolicy(context, command.optsWithGlobals<PolicyShowOptions>()))
    .addCommand(set)
    .addCommand(remove);
}

function showPolicy(context: CliContext, options: PolicyShowOptions): Promise<void> {
  return withStoredSettings(context, options, async ({ configurations }) => {
    const { policy, problems } = await configurations.active({ signal: context.signal });
    if (options.json === true) return writeJson(context.stdout, { policy, problems });
    for (const { message } of problems) context.stderr.write(`${message}\n`);
    context.stdout.write(policy === null ? 'No policy is stored.\n' : `${JSON.stringify(policy, null, 2)}\n`);
  });
}

async function setPolicy(context: CliContext, file: string, options: ChangeOptions): Promise<void> {
  const policy = await readPolicyFile(context, file);
  await withWritableSettings(context, options, async (settings) => {
    const seen = await readForChange(settings.configurations, context.signal);
    const outcome = await makeChange({ context, settings, options }, seen, { policy }, 'set the policy');
    writeChange(context, options, outcome, 'The policy is stored.');
  });
}

function removePolicy(context: CliContext, options: ChangeOptions): Promise<void> {
  return withStoredSettings(context, options, async (settings) => {
    const seen = await readForChange(settings.configurations, context.signal);
    const outcome = await makeChange({ context, settings, options }, seen, { policy: null }, 'remove the policy');
    writeChange(context, options, outcome, 'There is no policy any more.');
  });
}
