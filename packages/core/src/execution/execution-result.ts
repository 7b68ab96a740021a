import type { MeasuredIsolation } from '../isolation.ts';
import type { JsonValue } from '../json.ts';
import type { Language } from '../language.ts';
import type { ArtifactCollection } from './artifact.ts';
import type { Evidence } from './evidence.ts';
import type { PhaseClock } from './phase-clock.ts';

/** An error that the program met, in the program's own terms. */
export interface ProgramError {
  /** Class of the error as the program's language names it, for example `ZeroDivisionError`. */
  readonly type: string;
  readonly message: string;
  /** The language's own traceback, without frames of Sandport's runner; empty when there is none. */
  readonly traceback: string;
}

/** What every result carries, whatever became of the program. */
export interface ExecutionFacts {
  /** What the program wrote to stdout, decoded as UTF-8. Bytes that are not UTF-8 become U+FFFD; binary data belongs in artifacts. */
  readonly stdout: string;
  /** As {@link ExecutionFacts.stdout}, for stderr. The traceback of an uncaught error is here too, as the language itself prints it. */
  readonly stderr: string;
  /** Whether a stream was cut at the output limit. The cut never splits a character. */
  readonly truncated: { readonly stdout: boolean; readonly stderr: boolean };
  /** Exit code of the program's main process; `null` when it had none. It is information: no verdict rests on its value. */
  readonly exitCode: number | null;
  /** Name of the signal that ended the main process, for example `SIGSEGV`. */
  readonly signal: string | null;
  readonly artifacts: ArtifactCollection;
  readonly clock: PhaseClock;
  /** The machine facts behind the verdict, never empty. */
  readonly evidence: readonly Evidence[];
  readonly isolation: MeasuredIsolation;
  readonly providerId: string;
  readonly language: Language;
}

/** The program ended by itself without an error, and `main` (if there is one) returned. */
export interface CompletedResult extends ExecutionFacts {
  readonly status: 'completed';
  readonly error: null;
  /** What `main` returned. The property is absent when the program has no `main`; a `main` that returns nothing gives `null`. */
  readonly value?: JsonValue;
  /** The same as exact JSON text, for numbers that a JavaScript number cannot hold. Present with `value`. */
  readonly valueJson?: string;
}

/** The program ended by itself with an error: an uncaught exception, a code other than 0, a signal of its own making, a value that is not JSON. */
export interface FailedResult extends ExecutionFacts {
  readonly status: 'failed';
  readonly error: ProgramError;
}

/** Our timer fired before the program ended. */
export interface TimedOutResult extends ExecutionFacts {
  readonly status: 'timed-out';
  readonly error: null;
}

/** The kernel killed the program for lack of memory; the evidence names the counter or event. */
export interface OutOfMemoryResult extends ExecutionFacts {
  readonly status: 'out-of-memory';
  readonly error: null;
}

/** The program wrote more than the limit to one stream and was ended for it. */
export interface OutputLimitExceededResult extends ExecutionFacts {
  readonly status: 'output-limit-exceeded';
  readonly error: null;
}

/** The caller's signal fired after the program had started. Before that, the call throws `CANCELLED`. */
export interface CancelledResult extends ExecutionFacts {
  readonly status: 'cancelled';
  readonly error: null;
}

/** The program was ended by something that nobody here can prove, for example a SIGKILL without a counter that explains it. */
export interface KilledResult extends ExecutionFacts {
  readonly status: 'killed';
  readonly error: null;
}

/** What a program did. A closed union on `status`. */
export type ExecutionResult =
  | CompletedResult
  | FailedResult
  | TimedOutResult
  | OutOfMemoryResult
  | OutputLimitExceededResult
  | CancelledResult
  | KilledResult;

/** The `status` of an {@link ExecutionResult}. */
export type ExecutionStatus = ExecutionResult['status'];

/** Every status, in the order of the documentation. */
export const EXECUTION_STATUSES = [
  'completed',
  'failed',
  'timed-out',
  'out-of-memory',
  'output-limit-exceeded',
  'cancelled',
  'killed',
] as const satisfies readonly ExecutionStatus[];
