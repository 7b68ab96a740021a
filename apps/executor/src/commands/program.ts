import { Command } from 'commander';
import { describeConfigVariables, type CommandContext } from '@sandport/http-service';
import { EXECUTOR_CONFIG } from '../config/read-config.ts';
import { ownVersion } from '../version.ts';
import { checkConfigCommand } from './check-config.ts';
import { configOption } from './config-option.ts';
import { serve } from './serve.ts';
import { tokenCommand } from './token.ts';

const EXAMPLES = `
Examples:
  $ sandport-executor token create --file tokens.json --id agent
  $ SANDPORT_EXECUTOR_TOKENS_FILE=tokens.json sandport-executor
  $ sandport-executor --config executor.json
  $ sandport-executor config check --config executor.json`;

/** The whole command tree. */
export function createProgram(context: CommandContext): Command {
  const program = new Command('sandport-executor')
    .description('Serves a provider of Sandport over HTTP: runs untrusted code in a sandbox and says truthfully what it did.')
    .version(ownVersion())
    .addHelpText('after', () => `${EXAMPLES}\n\n${describeConfigVariables(EXECUTOR_CONFIG.schema, EXECUTOR_CONFIG.variablePrefix)}`)
    .configureOutput({ writeOut: (text) => context.stdout.write(text), writeErr: (text) => context.stderr.write(text) })
    .exitOverride();
  const serveCommand = new Command('serve')
    .description('Serve until it is told to stop. What is done when no command is given.')
    .addOption(configOption())
    .action(async ({ config }: { readonly config?: string }) => serve(context, config));
  program.addCommand(serveCommand, { isDefault: true });
  for (const command of [tokenCommand(context), checkConfigCommand(context)]) program.addCommand(command);
  handSettingsDown(program);
  return program;
}

/** What is refused within a command is refused as by the whole: by what it throws, and never by an end of the process. */
function handSettingsDown(command: Command): void {
  for (const child of command.commands) handSettingsDown(child.copyInheritedSettings(command));
}
