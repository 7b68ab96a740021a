import { ERROR_CODES, SandboxError, type ExecutionResult } from '@sandport/core';
import { Interruption } from './interruption.ts';

/** The exit codes of the command, as its help lists them. */
export const EXIT_CODES = {
  /** The program completed; the command did what it was asked. */
  ok: 0,
  /** The program did not complete, a replay differs, a trial failed, or `doctor` found something that stands in the way. */
  notCompleted: 1,
  /** The command line or what it names is wrong. */
  usage: 2,
  /** Sandport could not do it: a configuration, an engine, a service; or it refused to: a conflict, a policy, a failed trial. */
  sandboxError: 3,
  /** `verify` found no credentials to reach the service with, so that nothing was proven but what is installed. */
  noCredentials: 4,
} as const;

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
