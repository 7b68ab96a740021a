import { CommanderError, type Command } from 'commander';
import type { SandboxError } from '@sandport/core';
import type { CliContext } from './cli-context.ts';
import { EXIT_CODES, exitCodeOfError } from './exit-code.ts';
import { createProgram } from './program.ts';
import { reportError, type ReportOptions } from './report-error.ts';
import { usageError } from './usage-error.ts';

/**
 * Runs one command line.
 *
 * @param words What follows the command's own name.
 * @returns the exit code; nothing is thrown.
 */
export async function runCli(words: readonly string[], context: CliContext): Promise<number> {
  let exitCode: number = EXIT_CODES.ok;
  const program = createProgram(context, (code) => {
    exitCode = code;
  });
  let options = guessedOptions(words);
  if (options.json === true) silenceParser(program);
  program.hook('preAction', (_program, verb) => {
    options = verb.optsWithGlobals<ReportOptions>();
  });
  try {
    await program.parseAsync([...words], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      reportError(context, error, options);
      return exitCodeOfError(error, context.signal);
    }
    if (error.exitCode === 0) return EXIT_CODES.ok;
    // Without a document, the parser has told already what it refused.
    if (options.json === true) reportError(context, refusedLine(error), options);
    return EXIT_CODES.usage;
  }
}

/** What a command line seems to ask for, as long as the parser has not said what its words are. */
function guessedOptions(words: readonly string[]): ReportOptions {
  const end = words.indexOf('--');
  const flags = end === -1 ? words : words.slice(0, end);
  return { json: flags.includes('--json'), debug: flags.includes('--debug') };
}

/** What it would say on stderr is told by the document. */
function silenceParser(command: Command): void {
  command.configureOutput({ writeErr: () => undefined });
  for (const child of command.commands) silenceParser(child);
}

function refusedLine(error: CommanderError): SandboxError {
  if (error.code === 'commander.help') return usageError('The command line has no verb.', 'List the verbs with `sandport --help`.', error);
  const message = error.message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ');
  return usageError(message, 'See the options and examples of the verb with --help.', error);
}
