import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import type { CliContext } from './cli-context.ts';
import { configCommand } from './commands/config.ts';
import { doctorCommand } from './commands/doctor.ts';
import { imagesCommand } from './commands/images.ts';
import { runCommand } from './commands/run.ts';
import type { ExitCodeListener } from './exit-code.ts';

const HELP = `
Settings are kept in --settings PATH, else in $SANDPORT_SETTINGS, else in
$XDG_CONFIG_HOME/sandport/settings.sqlite or ~/.config/sandport/settings.sqlite.

Exit codes:
  0    completed
  1    the program did not complete, or doctor found something in the way
  2    the command line is wrong
  3    Sandport could not do it; the message says what to do
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
    .option('--settings <path>', 'the settings file')
    .option('--debug', 'show stacks and causes of errors', false)
    .addHelpText('after', HELP)
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
    })
    .exitOverride();
  for (const command of [
    runCommand(context, onExitCode),
    configCommand(context),
    doctorCommand(context, onExitCode),
    imagesCommand(context),
  ]) {
    inherit(program, command);
  }
  return program;
}

/** Commander hands its settings down only to commands that it makes itself. */
function inherit(parent: Command, child: Command): void {
  parent.addCommand(child.copyInheritedSettings(parent));
  for (const grandchild of child.commands) grandchild.copyInheritedSettings(child);
}

function ownVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version);
  throw new Error('package.json has no version.');
}
