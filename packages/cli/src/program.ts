import { Command, Option } from 'commander';
import type { CliContext, TextOutput } from './cli-context.ts';
import { completionCommand } from './commands/completion.ts';
import { configCommand } from './commands/config/config.ts';
import { configureCommand } from './commands/configure/configure.ts';
import { conformanceCommand } from './commands/conformance.ts';
import { doctorCommand } from './commands/doctor.ts';
import { imagesCommand } from './commands/images.ts';
import { mcpCommand } from './commands/mcp.ts';
import { migrateCommand } from './commands/migrate/migrate.ts';
import { replayCommand } from './commands/replay.ts';
import { runCommand } from './commands/run.ts';
import { secretsCommand } from './commands/secrets/secrets.ts';
import { settingsCommand } from './commands/settings/settings.ts';
import { verifyCommand } from './commands/verify/verify.ts';
import { exitCodesHelp } from './exit-codes-help.ts';
import type { ExitCodeListener } from './exit-code.ts';
import { ownVersion } from './own-version.ts';

/** Width of help where nobody looks at it on a terminal. */
const HELP_COLUMNS = 100;

const HELP = `
Settings are kept in --settings, else in $SANDPORT_SETTINGS, else in
$XDG_CONFIG_HOME/sandport/settings.sqlite or ~/.config/sandport/settings.sqlite. They are
a file, or a database of a server: postgres://user@host/name, mysql://user@host/name. An
address with a password belongs into $SANDPORT_SETTINGS.

${exitCodesHelp()}

First steps:
  $ sandport images build
  $ sandport config use docker
  $ sandport doctor
  $ echo 'print(6 * 7)' | sandport run -`;

/** The whole command tree over its context. */
export function createProgram(context: CliContext, onExitCode: ExitCodeListener): Command {
  const program = new Command('sandport')
    .description('Runs untrusted code in a sandbox and says truthfully what it did.')
    .version(ownVersion())
    // So that a command may have a "--version" of its own.
    .enablePositionalOptions()
    .addHelpText('after', HELP)
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
      getOutHelpWidth: () => widthOf(context.stdout),
      getErrHelpWidth: () => widthOf(context.stderr),
    })
    .exitOverride();
  for (const command of [
    runCommand(context, onExitCode),
    replayCommand(context, onExitCode),
    mcpCommand(context, onExitCode),
    configCommand(context, onExitCode),
    configureCommand(context),
    settingsCommand(context),
    secretsCommand(context, onExitCode),
    migrateCommand(context),
    doctorCommand(context, onExitCode),
    verifyCommand(context, onExitCode),
    conformanceCommand(context, onExitCode),
    imagesCommand(context),
    completionCommand(context),
  ]) {
    program.addCommand(command);
  }
  completeTree(program);
  return program;
}

/** Every command takes the common options, before or after its name, and what Commander hands down only to commands that it makes itself. */
function completeTree(command: Command): void {
  command
    .addOption(new Option('--settings <address>', 'the settings: path of a file, or address of a database'))
    .addOption(new Option('--debug', 'show stacks and causes of errors'));
  for (const child of command.commands) completeTree(child.copyInheritedSettings(command));
}

function widthOf({ columns = 0 }: TextOutput): number {
  return columns > 0 ? columns : HELP_COLUMNS;
}
