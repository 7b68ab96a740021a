import { Command } from 'commander';
import { authorOf, type AuthorshipOptions } from '../../authorship.ts';
import type { CliContext } from '../../cli-context.ts';
import { EXIT_CODES, type ExitCodeListener } from '../../exit-code.ts';
import { printableLine } from '../../printable-text.ts';
import { withStoredSettings, type SettingsOption } from '../../settings/with-settings.ts';
import { writeJson } from '../../write-json.ts';

interface RotateOptions extends AuthorshipOptions, SettingsOption {
  readonly json?: boolean;
}

const HELP = `
Wraps every stored secret, of the rows in use and of the whole history, under the current
master key, while others go on working. No configuration changes by that, and passports
stay valid. The exit code is 1 when a row needs a key that is not there: it stays as it is.

Examples:
  $ sandport secrets add-key && sandport secrets rotate
  $ sandport secrets rotate --json`;

/** `sandport secrets rotate` */
export function secretsRotateCommand(context: CliContext, onExitCode: ExitCodeListener): Command {
  return new Command('rotate')
    .description('wrap every stored secret under the current master key')
    .option('--author <name>', 'who does it; else $SANDPORT_AUTHOR, else user@host')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action(async (_options: unknown, command: Command) => {
      const isWhole = await rotate(context, command.optsWithGlobals<RotateOptions>());
      onExitCode(isWhole ? EXIT_CODES.ok : EXIT_CODES.notCompleted);
    });
}

function rotate(context: CliContext, options: RotateOptions): Promise<boolean> {
  return withStoredSettings(context, options, async ({ configurations }) => {
    const report = await configurations.rotateKeys({ author: authorOf(context, options), signal: context.signal });
    const { keyId, activeRows, versions, recordedRows, unreadable, unreadableCount } = report;
    if (options.json === true) {
      writeJson(context.stdout, report);
      return unreadableCount === 0;
    }
    context.stdout.write(
      `Wrapped under the master key ${keyId}: ${activeRows} rows in use, ${recordedRows} rows of ${versions} versions.\n`,
    );
    for (const { version, row } of unreadable) {
      context.stderr.write(`${version === null ? 'in use' : `version ${version}`}: ${printableLine(row)} needs a key that is not there\n`);
    }
    if (unreadableCount > 0)
      context.stderr.write('Add the keys that are missing as former keys and call again, or store those secrets anew.\n');
    else context.stderr.write('Former keys are not needed any more for what is stored here.\n');
    return unreadableCount === 0;
  });
}
