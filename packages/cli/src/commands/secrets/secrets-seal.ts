import { Command } from 'commander';
import { authorOf, type AuthorshipOptions } from '../../authorship.ts';
import type { CliContext } from '../../cli-context.ts';
import { withStoredSettings, type SettingsOption } from '../../settings/with-settings.ts';
import { writeJson } from '../../write-json.ts';

interface SealOptions extends AuthorshipOptions, SettingsOption {
  readonly json?: boolean;
}

const HELP = `
Seals the secrets that another program wrote in the clear into rows in use, as a version
that says the same. Copies elsewhere, in backups for example, stay as they are.

Examples:
  $ sandport secrets seal`;

/** `sandport secrets seal` */
export function secretsSealCommand(context: CliContext): Command {
  return new Command('seal')
    .description('seal secrets that stand in the clear')
    .option('--author <name>', 'who does it; else $SANDPORT_AUTHOR, else user@host')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action((_options: unknown, command: Command) => seal(context, command.optsWithGlobals<SealOptions>()));
}

function seal(context: CliContext, options: SealOptions): Promise<void> {
  return withStoredSettings(context, options, async ({ configurations }) => {
    const report = await configurations.sealClearSecrets({ author: authorOf(context, options), signal: context.signal });
    if (options.json === true) return writeJson(context.stdout, report);
    for (const { row, fields } of report.sealed) context.stdout.write(`Sealed ${fields.join(', ')} of ${row}.\n`);
    if (report.version === null) context.stdout.write('No secret stands in the clear.\n');
    else context.stderr.write(`Version ${report.version} is in use.\n`);
  });
}
