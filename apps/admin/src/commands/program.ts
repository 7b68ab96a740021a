import { describeConfigVariables, type CommandContext } from '@sandport/http-service';
import { Command } from 'commander';
import { ADMIN_CONFIG } from '../config/read-config.ts';
import { ownVersion } from '../version.ts';
import { checkConfigCommand } from './check-config.ts';
import { serveOptions, type ServeOptions } from './serve-options.ts';
import { serve, type SandboxRoutesOpener } from './serve.ts';

const EXAMPLES = `
Examples:
  $ sandport-admin
  $ sandport-admin --settings ./settings.sqlite --listen 127.0.0.1:8080
  $ SANDPORT_SETTINGS=postgres://sandport:secret@db/sandport sandport-admin --config admin.json
  $ sandport-admin check-config --config admin.json`;

/** The whole command tree. */
export function createProgram(context: CommandContext, openRoutes: SandboxRoutesOpener): Command {
  const program = new Command('sandport-admin')
    .description('Serves the admin page of Sandport and its API: choose, configure, test and switch what runs the code of agents.')
    .version(ownVersion())
    .addHelpText('after', () => `${EXAMPLES}\n\n${describeConfigVariables(ADMIN_CONFIG.schema, ADMIN_CONFIG.variablePrefix)}`)
    .configureOutput({ writeOut: (text) => context.stdout.write(text), writeErr: (text) => context.stderr.write(text) })
    .exitOverride();
  const serveCommand = new Command('serve')
    .description('Serve until it is told to stop. What is done when no command is given.')
    .action(async (options: ServeOptions) => serve(context, options, openRoutes));
  for (const option of serveOptions()) serveCommand.addOption(option);
  program.addCommand(serveCommand, { isDefault: true });
  program.addCommand(checkConfigCommand(context));
  for (const command of program.commands) command.copyInheritedSettings(program);
  return program;
}
