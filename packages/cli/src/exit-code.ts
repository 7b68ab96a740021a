import { ERROR_CODES, SandboxError, type ExecutionResult } from '@sandport/core';
import { Interruption } from './interruption.ts';

/** The exit codes of the command; {@link EXIT_CODE_MEANINGS} says what they mean. */
export const EXIT_CODES = { ok: 0, notCompleted: 1, usage: 2, sandboxError: 3, noCredentials: 4 } as const;

/** What an exit code says. */
export interface ExitCodeMeaning {
  readonly exitCode: number;
  /** In Markdown. */
  readonly meaning: string;
}

/** Every exit code of the command, from which its help and the pages about it are made. */
export const EXIT_CODE_MEANINGS: readonly ExitCodeMeaning[] = [
  { exitCode: EXIT_CODES.ok, meaning: 'The program completed; the command did what it was asked.' },
  {
    exitCode: EXIT_CODES.notCompleted,
    meaning:
      'The program did not complete; `replay` found a difference; a trial of `config test` failed; `doctor` found something that stands in the way; `secrets rotate` found rows whose key is not there; `verify` found a package or a promise that does not hold; `conformance` found a promise that does not hold.',
  },
  {
    exitCode: EXIT_CODES.usage,
    meaning: 'The command line, or a file that it names, is wrong; the provider cannot do what was asked.',
  },
  {
    exitCode: EXIT_CODES.sandboxError,
    meaning:
      'Sandport could not do it, or refused to (a conflict, a policy, a failed trial before a version is used, a connection that does not work): the message says what happened, the line below it what to do.',
  },
  {
    exitCode: EXIT_CODES.noCredentials,
    meaning: '`verify` found no credentials, so that nothing but the installed packages was looked at.',
  },
  { exitCode: new Interruption('SIGINT').exitCode, meaning: 'Interrupted by SIGINT, which Ctrl-C sends.' },
  { exitCode: new Interruption('SIGPIPE').exitCode, meaning: 'The reader of the output is gone.' },
  { exitCode: new Interruption('SIGTERM').exitCode, meaning: 'Ended by SIGTERM.' },
];

/** Told of the exit code that a command ends with when it did not fail. */
export type ExitCodeListener = (exitCode: number) => void;

/** The exit code for what a program did. */
export function exitCodeOfResult(result: ExecutionResult, signal: AbortSignal): number {
  if (result.status === 'completed') return EXIT_CODES.ok;
  return result.status === 'cancelled' ? (interruptedExitCode(signal) ?? EXIT_CODES.notCompleted) : EXIT_CODES.notCompleted;
}

/** The exit code for what could not be done. A request that breaks the rules is the caller's, all else is not. */
export function exitCodeOfError(error: unknown, signal: AbortSignal): number {
  const interrupted = interruptedExitCode(signal) ?? keyedInterruption(error);
  if (interrupted !== undefined) return interrupted;
  return SandboxError.isInstance(error) && ERROR_CODES[error.code].httpStatus === 400 ? EXIT_CODES.usage : EXIT_CODES.sandboxError;
}

/** The exit code of a process that was told to end; `undefined` where it was not. */
export function interruptedExitCode(signal: AbortSignal): number | undefined {
  return signal.reason instanceof Interruption ? signal.reason.exitCode : undefined;
}

/** A terminal whose input is read key by key sends no signal. */
function keyedInterruption(error: unknown): number | undefined {
  return SandboxError.isInstance(error) && error.cause instanceof Interruption ? error.cause.exitCode : undefined;
}
