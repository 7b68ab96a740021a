import { constants } from 'node:os';
import type { CompletedResult, ExecutionResult, FailedResult, OutputLimitExceededResult } from '@sandport/core';
import type { RagflowRunAnswer } from '@sandport/executor-api';
import { faultOf } from './program-fault.ts';
import { selectArtifacts } from './ragflow-artifacts.ts';

/** An answer with nothing in it. All members are always there, as RAGFlow's executor manager writes them. */
export const BLANK_ANSWER = {
  stdout: '',
  stderr: '',
  detail: null,
  time_used_ms: null,
  memory_used_kb: null,
  resource_limit_type: null,
  unauthorized_access_type: null,
  runtime_error_type: null,
  artifacts: [],
  result: null,
} as const satisfies Omit<{ [Member in keyof RagflowRunAnswer]: unknown }, 'status' | 'exit_code'>;

/** What an answer says besides {@link BLANK_ANSWER}. */
type Said = Pick<RagflowRunAnswer, 'status' | 'exit_code'> & Partial<RagflowRunAnswer>;

/** Exit codes of the service's own making: below zero, so that no program can end with them. */
const EXIT_CODES = { timedOut: -124, outOfMemory: -137, outputLimit: -153, unsafe: -999, internal: -3 } as const;

/** A shell adds this to the number of the signal that ended a program. */
const SIGNAL_BASE = 128;

/**
 * Says what a program did in RAGFlow's words. Only typed facts decide: what a program prints, and the code with which it ends, may look like a
 * timeout and are none.
 */
export function toRunAnswer(result: ExecutionResult): RagflowRunAnswer {
  return { ...BLANK_ANSWER, artifacts: [], time_used_ms: Math.round(result.clock.runMs), ...sayingOf(result) };
}

/** Of a run that failed, neither stdout nor artifacts are told: RAGFlow takes either for a success. */
function sayingOf(result: ExecutionResult): Said {
  switch (result.status) {
    case 'completed':
      return success(result);
    case 'failed':
      return failure(result);
    case 'timed-out':
      return limit('time', EXIT_CODES.timedOut, 'Execution timeout');
    case 'out-of-memory':
      return limit('memory', EXIT_CODES.outOfMemory, 'Memory limit exceeded (killed by OOM)');
    case 'output-limit-exceeded':
      return limit('output', EXIT_CODES.outputLimit, describeOutputLimit(result));
    case 'killed':
      return programError(exitCodeOf(result), result.stderr, 'The program was killed. Nobody saw for which reason.');
    case 'cancelled':
      return { status: 'program_runner_error', exit_code: EXIT_CODES.internal, stderr: 'The run was withdrawn.', detail: 'internal_error' };
    default:
      return result satisfies never;
  }
}

function success(result: CompletedResult): Said {
  const { files, omission } = selectArtifacts(result.artifacts);
  const value = Object.hasOwn(result, 'value') ? ({ present: true, value: result.value, type: 'json' } as const) : null;
  const { stdout, stderr } = result;
  return { status: 'success', exit_code: 0, stdout, stderr, artifacts: files, detail: omission, result: value };
}

function failure(result: FailedResult): Said {
  const { error, stderr } = result;
  const code = exitCodeOf(result);
  const fallback = `${error.type}: ${error.message}`;
  switch (faultOf(result)) {
    case 'parsing': {
      const finding = `Line -1: Parsing Error: ${error.message}`;
      return {
        status: 'program_runner_error',
        exit_code: EXIT_CODES.unsafe,
        stderr: finding,
        detail: 'Code is unsafe',
        time_used_ms: null,
      };
    }
    case 'memory':
      return limit('memory', code, stderr || fallback);
    case 'file-access':
      return unauthorized('file_access', code, stderr || fallback);
    case 'disallowed-syscall':
      return unauthorized('disallowed_syscall', code, stderr || fallback);
    case 'other':
      return programError(code, stderr, OWN_ERRORS.has(error.type) ? error.message : fallback);
  }
}

/** Types of errors that are ours and no class of a language. */
const OWN_ERRORS: ReadonlySet<string> = new Set(['ExitCode', 'Signal']);

function limit(type: 'time' | 'memory' | 'output', exitCode: number, stderr: string): Said {
  return { status: 'resource_limit_exceeded', exit_code: exitCode, stderr, resource_limit_type: type };
}

function unauthorized(type: 'file_access' | 'disallowed_syscall', exitCode: number, stderr: string): Said {
  return { status: 'unauthorized_access', exit_code: exitCode, stderr, unauthorized_access_type: type };
}

/** Without a word on stderr, RAGFlow would take the failure for a success with an empty result. */
function programError(exitCode: number, stderr: string, fallback: string): Said {
  const words = stderr.trim() === '' ? fallback : stderr;
  return { status: 'program_error', exit_code: exitCode, stderr: words, runtime_error_type: 'nonzero_exit' };
}

function exitCodeOf({ exitCode, signal }: Pick<ExecutionResult, 'exitCode' | 'signal'>): number {
  if (signal !== null) return SIGNAL_BASE + signalNumberOf(signal);
  // A program may end well and have failed all the same: by a value that is not JSON.
  return exitCode === null || exitCode === 0 ? 1 : exitCode;
}

function signalNumberOf(name: string): number {
  const numbers: Readonly<Record<string, number>> = constants.signals;
  return numbers[name] ?? 0;
}

function describeOutputLimit({ evidence }: OutputLimitExceededResult): string {
  const fact = evidence.find((one) => one.kind === 'output-limit');
  return fact === undefined ? 'Output limit exceeded' : `Output limit exceeded (more than ${fact.limitBytes} bytes of ${fact.stream})`;
}
