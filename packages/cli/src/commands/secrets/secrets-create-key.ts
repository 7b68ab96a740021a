import { resolve } from 'node:path';
import { createDefaultFolder, defaultKeyFile, locateSettings, writeKeyFile } from '@sandport/settings';
import { Command } from 'commander';
import type { CliContext } from '../../cli-context.ts';
import { decidingKeyVariable } from '../../secrets/key-variables.ts';
import type { SettingsOption } from '../../settings/with-settings.ts';
import { usageError } from '../../usage-error.ts';
import { writeJson } from '../../write-json.ts';

interface CreateKeyOptions extends SettingsOption {
  readonly file?: string;
  readonly json?: boolean;
}

const HELP = `
The file can be read by its owner only, and one that is there is never overwritten. The
key itself is never shown. Without --file it is made beside a settings file, where it is
found by itself.

Examples:
  $ sandport secrets create-key
  $ sandport secrets create-key --file /etc/sandport/master.key`;

/** `sandport secrets create-key` */
export function secretsCreateKeyCommand(context: CliContext): Command {
  return new Command('create-key')
    .description('make a key file with a new master key')
    .option('--file <path>', 'where; else beside the settings file, with .key behind its name')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action((_options: unknown, command: Command) => createKey(context, command.optsWithGlobals<CreateKeyOptions>()));
}

async function createKey(context: CliContext, options: CreateKeyOptions): Promise<void> {
  const location = locateSettings(context, options.settings);
  const standard = defaultKeyFile(location);
  const path = options.file ?? standard;
  if (path === undefined || path === '') {
    throw usageError(
      '--file: is missing, and a server has no place beside it.',
      'Name the file, for example --file /etc/sandport/master.key.',
    );
  }
  if (path === standard) createDefaultFolder(location);
  const { currentId } = await writeKeyFile(path);
  const isFoundByItself = path === standard;
  if (options.json === true) return writeJson(context.stdout, { file: path, keyId: currentId, isFoundByItself });
  context.stdout.write(`Made the master key ${currentId} in ${path}\n`);
  for (const advice of advicesOf(context, path, isFoundByItself)) context.stderr.write(`${advice}\n`);
}

function advicesOf({ environment }: CliContext, path: string, isFoundByItself: boolean): string[] {
  const decides = decidingKeyVariable(environment);
  const isNamed = decides === 'SANDPORT_MASTER_KEY_FILE' && resolve(environment[decides] ?? '') === resolve(path);
  return [
    'Keep a copy of the file in a safe place, apart from the database: without it the secrets are lost.',
    ...(isFoundByItself || isNamed ? [] : [`Name it to every program that uses these settings: SANDPORT_MASTER_KEY_FILE=${path}`]),
    ...(decides === undefined || isNamed ? [] : [`The variable ${decides} is set here and decides instead of it.`]),
  ];
}
