import { Command, Option } from 'commander';
import type { CliContext } from './cli-context.ts';
import { configCommand } from './commands/config/config.ts';
import { configureCommand } from './commands/configure/configure.ts';
import { doctorCommand } from './commands/doctor.ts';
import { imagesCommand } from './commands/images.ts';
import { mcpCommand } from './commands/mcp.ts';
import { migrateCommand } from './commands/migrate/migrate.ts';
import { replayCommand } from './commands/replay.ts';
import { runCommand } from './commands/run.ts';
import { secretsCommand } from './commands/secrets/secrets.ts';
import { settingsCommand } from './commands/settings/settings.ts';
import { verifyCommand } from './commands/verify/verify.ts';
import type { ExitCodeListener } from './exit-code.ts';
import { ownVersion } from './own-version.ts';

const HELP = `
Settings are kept in --settings, else in $SANDPORT_SETTINGS, else in
$XDG_CONFIG_HOME/sandport/settings.sqlite or ~/.config/sandport/settings.sqlite. They are
a file, or a database of a server: postgres://user@host/name, mysql://user@host/name. An
address with a password belongs into $SANDPORT_SETTINGS.

Exit codes:
  0    completed
  1    the program did not complete, a replay differs, a trial failed, or doctor found
       something in the way
  2    the command line is wrong
  3    Sandport could not do it, or refused to: a conflict, a policy, a failed trial before
       a version is used; the message says what to do
  4    verify found no credentials to reach the service with
  130  interrupted (SIGINT); 143 terminated (SIGTERM)

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
    imagesCommand(context),
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
