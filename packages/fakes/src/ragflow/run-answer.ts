/** A file that a program left. */
export interface RunArtifact {
  readonly name: string;
  readonly mime_type: string;
  readonly size: number;
  readonly content_b64: string;
}

/** What came back behind the marker, as JSON text: numbers keep all their digits. */
export type RunValueText = string;

/** An answer of the executor manager. All members are always there. */
export interface RunAnswer {
  readonly status: 'success' | 'program_error' | 'resource_limit_exceeded' | 'unauthorized_access' | 'program_runner_error';
  readonly stdout: string;
  readonly stderr: string;
  readonly exit_code: number;
  readonly detail: string | null;
  readonly time_used_ms: number | null;
  readonly memory_used_kb: null;
  readonly resource_limit_type: 'time' | 'memory' | null;
  readonly unauthorized_access_type: 'disallowed_syscall' | 'file_access' | null;
  readonly runtime_error_type: 'nonzero_exit' | null;
  readonly artifacts: readonly RunArtifact[];
  readonly result: RunValueText | null;
}

/** Fills up what an answer does not say. */
export function runAnswer(said: Pick<RunAnswer, 'status' | 'exit_code'> & Partial<RunAnswer>): RunAnswer {
  const { status, exit_code, stdout = '', stderr = '', ...more } = said;
  return {
    status,
    stdout,
    stderr,
    exit_code,
    detail: null,
    time_used_ms: null,
    memory_used_kb: null,
    resource_limit_type: null,
    unauthorized_access_type: null,
    runtime_error_type: null,
    artifacts: [],
    result: null,
    ...more,
  };
}

/** The answer as it is sent. */
export function encodeRunAnswer({ result, ...more }: RunAnswer): string {
  return `${JSON.stringify(more).slice(0, -1)},"result":${result ?? 'null'}}`;
}

/** No program was run, or nobody knows how far it came. */
export function runnerError(exitCode: -3 | -10 | -429 | -999, stderr: string, detail: string): RunAnswer {
  return runAnswer({ status: 'program_runner_error', exit_code: exitCode, stderr, detail });
}

export const POOL_BUSY = runnerError(-10, 'Container pool is busy', 'no_available_container');

const TOO_MANY = 'Too many requests, please try again later';
export const RATE_LIMITED = runnerError(-429, TOO_MANY, TOO_MANY);

export const internalError = (message: string): RunAnswer => runnerError(-3, message, 'internal_error');
export const unhandledException = (message: string): RunAnswer => runnerError(-999, message, 'unhandled_exception');
