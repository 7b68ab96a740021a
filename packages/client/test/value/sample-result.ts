import type { CompletedResult, ExecutionFacts, FailedResult, JsonValue } from '@sandport/core';

const facts: ExecutionFacts = {
  stdout: 'out\n',
  stderr: 'err\n',
  truncated: { stdout: false, stderr: true },
  exitCode: 0,
  signal: null,
  artifacts: {
    files: [{ path: 'a.bin', mediaType: 'application/octet-stream', sizeBytes: 3, content: new Uint8Array([0, 255, 7]) }],
    omitted: [{ path: 'b', reason: 'size-limit', sizeBytes: 9 }],
    complete: false,
  },
  clock: { queueMs: 1, claimMs: 2, startMs: 3, runMs: 4, collectMs: 5, totalMs: 15 },
  evidence: [{ kind: 'exit', observer: 'host', exitCode: 0, signal: null }],
  isolation: { kind: 'remote', measuredBy: 'sample' },
  providerId: 'sample',
  language: 'python',
};

/** The result of a program that completed, with this value or with none. */
export function completedResult(value?: JsonValue): CompletedResult {
  const sample: CompletedResult = { status: 'completed', error: null, ...facts };
  return value === undefined ? sample : { ...sample, value, valueJson: JSON.stringify(value) };
}

/** The result of a program that failed by itself. */
export function failedResult(): FailedResult {
  return { status: 'failed', ...facts, error: { type: 'ValueError', message: 'no', traceback: 'Traceback' } };
}

/** A result of any of the other statuses. */
export function endedResult<Status extends 'timed-out' | 'out-of-memory' | 'output-limit-exceeded' | 'cancelled' | 'killed'>(
  status: Status,
) {
  return { status, error: null, ...facts };
}
