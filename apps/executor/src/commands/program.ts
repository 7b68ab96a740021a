import { Command } from 'commander';
import { configFieldPlaces } from '../config/config-fields.ts';
import { ownVersion } from '../version.ts';
import { checkConfigCommand } from './check-config.ts';
import type { CommandContext } from './command-context.ts';
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
    .addHelpText('after', () => `${EXAMPLES}\n\n${describeVariables()}`)
    .configureOutput({ writeOut: (text) => context.stdout.write(text), writeErr: (text) => context.stderr.write(text) })
    .exitOverride();
  const serveCommand = new Command('serve')
    .description('Serve until it is told to stop. What is done when no command is given.')
    .addOption(configOption())
    .action(async ({ config }: { readonly config?: string }) => serve(context, config));
  program.addCommand(serveCommand.copyInheritedSettings(program), { isDefault: true });
  for (const command of [tokenCommand(context), checkConfigCommand(context)]) program.addCommand(command.copyInheritedSettings(program));
  return program;
}

/** Every field, as the variable that overrides it. */
function describeVariables(): string {
  const lines = configFieldPlaces().map(({ path, variable, description, fallback }) => {
    const standard = fallback === undefined ? '' : ` [${JSON.stringify(fallback)}]`;
    return `  ${variable}\n      ${path.join('.')}: ${description}${standard}`;
  });
  return `Fields of the configuration, and the variables that override them. Values are JSON,\nbut for text, which is written as it is:\n${lines.join('\n')}`;
}
