import { addKeyToFile, defaultKeyFile, locateSettings, type SettingsLocation } from '@sandport/settings';
import { Command } from 'commander';
import type { CliContext } from '../../cli-context.ts';
import { decidingKeyVariable } from '../../secrets/key-variables.ts';
import type { SettingsOption } from '../../settings/with-settings.ts';
import { usageError } from '../../usage-error.ts';
import { writeJson } from '../../write-json.ts';

interface AddKeyOptions extends SettingsOption {
  readonly file?: string;
  readonly json?: boolean;
}

const HELP = `
Puts a new key before those of the key file: it seals from now on, the former ones go on
to open. Programs that run need no restart. Then wrap everything that is stored under the
new key with "sandport secrets rotate"; after that the former lines can be taken out.

Examples:
  $ sandport secrets add-key && sandport secrets rotate
  $ sandport secrets add-key --file /etc/sandport/master.key`;

/** `sandport secrets add-key` */
export function secretsAddKeyCommand(context: CliContext): Command {
  return new Command('add-key')
    .description('put a new master key into the key file, before the others')
    .option('--file <path>', 'the key file; else the one that is in use')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action((_options: unknown, command: Command) => addKey(context, command.optsWithGlobals<AddKeyOptions>()));
}

async function addKey(context: CliContext, options: AddKeyOptions): Promise<void> {
  const path = options.file ?? keyFileInUse(context, locateSettings(context, options.settings));
  const { currentId, formerIds } = await addKeyToFile(path);
  if (options.json === true) return writeJson(context.stdout, { file: path, keyId: currentId, formerKeyIds: formerIds });
  context.stdout.write(`Made the master key ${currentId}, the first one in ${path} now; former ones: ${formerIds.join(', ')}\n`);
  context.stderr.write('Wrap what is stored under it with: sandport secrets rotate\n');
}

function keyFileInUse({ environment }: CliContext, location: SettingsLocation): string {
  const variable = decidingKeyVariable(environment);
  if (variable === 'SANDPORT_MASTER_KEY_FILE') return environment[variable] ?? '';
  if (variable !== undefined) throw notInFile(variable);
  const path = defaultKeyFile(location);
  if (path !== undefined) return path;
  throw usageError(
    '--file: is missing, and no key file is in use.',
    'Name the key file, or make one with `sandport secrets create-key --file PATH`.',
  );
}

function notInFile(variable: string) {
  const advice =
    variable === 'SANDPORT_MASTER_KEY_COMMAND'
      ? 'Let the command print a new key before the present ones, then call `sandport secrets rotate`.'
      : 'Set SANDPORT_MASTER_KEY to a new key and put the present one first into SANDPORT_MASTER_KEYS_FORMER, restart the programs that use them, then call `sandport secrets rotate`.';
  return usageError(`The master keys come from the variable ${variable}, not from a file that could be changed here.`, advice);
}
