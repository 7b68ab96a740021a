import { CommanderError, type Command } from 'commander';
import { SandboxError } from '@sandport/core';
import type { CommandContext } from './command-context.ts';

const STOP_SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Makes the whole command tree of a program. */
export type ProgramMaker = (context: CommandContext) => Command;

/** Runs the command line of this process. The first SIGINT or SIGTERM stops gracefully, the second ends the process at once. */
export async function runProcess(createProgram: ProgramMaker): Promise<void> {
  const stop = new AbortController();
  const beginStop = (): void => {
    stop.abort();
    // Whichever comes next does what it does to a process that does not listen for it.
    for (const name of STOP_SIGNALS) process.off(name, beginStop);
  };
  for (const name of STOP_SIGNALS) process.on(name, beginStop);
  const context = { stdout: process.stdout, stderr: process.stderr, environment: process.env, signal: stop.signal };
  process.exitCode = await runCommand(createProgram, process.argv.slice(2), context);
}

/** Carries out a command line, and gives the exit code: 0, 2 for a command line that is wrong, 3 for what could not be done. */
export async function runCommand(createProgram: ProgramMaker, commandLine: readonly string[], context: CommandContext): Promise<number> {
  try {
    await createProgram(context).parseAsync(commandLine, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE_EXIT_CODE;
    context.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    if (SandboxError.isInstance(error) && error.suggestion !== undefined) context.stderr.write(`  → ${error.suggestion}\n`);
    return FAILURE_EXIT_CODE;
  }
}

const USAGE_EXIT_CODE = 2;
const FAILURE_EXIT_CODE = 3;
