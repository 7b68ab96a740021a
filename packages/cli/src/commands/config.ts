import { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { getConfig, type ConfigGetOptions } from './config-get.ts';
import { setConfig, type ConfigSetOptions } from './config-set.ts';
import { useProvider, type ConfigUseOptions } from './config-use.ts';

const GET_HELP = `
Secrets are shown as [redacted], fields that no provider knows as [hidden].

Examples:
  $ sandport config get
  $ sandport config get --json`;

const SET_HELP = `
The configuration is checked as a whole before anything is stored. KEY= without a value
takes the field back to its default; --reset forgets all other fields.

Examples:
  $ sandport config set docker isolation=gvisor warmContainers=2
  $ sandport config set docker dockerHost=unix:///run/user/1000/docker.sock
  $ sandport config set docker --reset profile=data`;

const USE_HELP = `
Stores the choice and, when the provider has no configuration yet, an empty one: every
field then has its default. Both are stored together or not at all.

Examples:
  $ sandport config use docker`;

/** `sandport config …` */
export function configCommand(context: CliContext): Command {
  const get = new Command('get')
    .description('show what is stored')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', GET_HELP)
    .action((_options: unknown, command: Command) => getConfig(context, command.optsWithGlobals<ConfigGetOptions>()));
  const set = new Command('set')
    .description('change fields of the configuration of a provider')
    .argument('<provider>', 'id of the provider')
    .argument('<key=value...>', 'fields and their new values')
    .option('--reset', 'start from an empty configuration')
    .addHelpText('after', SET_HELP)
    .action((provider: string, assignments: string[], _options: unknown, command: Command) =>
      setConfig(context, provider, assignments, command.optsWithGlobals<ConfigSetOptions>()),
    );
  const use = new Command('use')
    .description('choose the provider that runs code')
    .argument('<provider>', 'id of the provider')
    .addHelpText('after', USE_HELP)
    .action((provider: string, _options: unknown, command: Command) =>
      useProvider(context, provider, command.optsWithGlobals<ConfigUseOptions>()),
    );
  return new Command('config').description('show and change the stored configuration').addCommand(get).addCommand(set).addCommand(use);
}
