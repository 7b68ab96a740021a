import { CommanderError } from 'commander';
import type { CliContext } from './cli-context.ts';
import { EXIT_CODES, exitCodeOfError } from './exit-code.ts';
import { createProgram } from './program.ts';
import { reportError } from './report-error.ts';

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
  try {
    await program.parseAsync([...words], { from: 'user' });
    return exitCode;
  } catch (error) {
    // What the parser refused it has told already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage;
    reportError(context, error, { json: words.includes('--json'), debug: words.includes('--debug') });
    return exitCodeOfError(error, context.signal);
  }
}
