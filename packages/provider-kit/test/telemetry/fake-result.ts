import type { ExecutionResult, PhaseClock } from '@sandport/core';

/** A completed result whose every free text is the marker, so that a test can look for it. */
export function fakeResult(marker: string, clock: Partial<PhaseClock> = {}): ExecutionResult {
  return {
    status: 'completed',
    error: null,
    value: marker,
    valueJson: JSON.stringify(marker),
    stdout: marker,
    stderr: marker,
    truncated: { stdout: false, stderr: false },
    exitCode: 0,
    signal: null,
    artifacts: { files: [{ path: marker, mediaType: marker, sizeBytes: 1, content: Buffer.from(marker) }], omitted: [], complete: true },
    clock: { queueMs: 0, claimMs: 1, startMs: 2, runMs: 30, collectMs: 4, totalMs: 37, ...clock },
    evidence: [{ kind: 'exit', observer: 'host', exitCode: 0, signal: null }],
    isolation: { kind: 'gvisor', measuredBy: marker },
    providerId: 'fake',
    language: 'python',
  };
}

/** As {@link fakeResult}, of a program that failed with an error of its own. */
export function fakeFailure(marker: string): ExecutionResult {
  return { ...fakeResult(marker), status: 'failed', error: { type: marker, message: marker, traceback: marker } };
}
