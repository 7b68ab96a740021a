import { Command } from 'commander';
import { authorOf, type AuthorshipOptions } from '../../authorship.ts';
import type { CliContext } from '../../cli-context.ts';
import { addAuthorshipOptions } from '../../configuration/change-options.ts';
import { withStoredSettings, type SettingsOption } from '../../settings/with-settings.ts';
import { parseVersionNumber } from '../../version-number.ts';
import { writeJson } from '../../write-json.ts';

interface ConfigDiscardOptions extends AuthorshipOptions, SettingsOption {
  readonly json?: boolean;
}

const HELP = `
The draft stays in the history, and cannot be used any more.

Examples:
  $ sandport config discard 7
  $ sandport config discard 7 --reason "superseded by 9"`;

/** `sandport config discard` */
export function configDiscardCommand(context: CliContext): Command {
  return addAuthorshipOptions(
    new Command('discard').description('give a draft up').argument('<version>', 'number of the draft', parseVersionNumber),
  )
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action((version: number, _options: unknown, command: Command) =>
      discardVersion(context, version, command.optsWithGlobals<ConfigDiscardOptions>()),
    );
}

function discardVersion(context: CliContext, version: number, options: ConfigDiscardOptions): Promise<void> {
  return withStoredSettings(context, options, async ({ configurations }) => {
    const { reason } = options;
    const author = authorOf(context, options);
    await configurations.discard(version, { author, ...(reason === undefined ? {} : { reason }), signal: context.signal });
    if (options.json === true) writeJson(context.stdout, { version, state: 'discarded' });
    else context.stdout.write(`Draft ${version} is given up.\n`);
  });
}
