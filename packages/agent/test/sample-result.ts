import type { CompletedResult, ExecutionFacts, ExecutionResult, JsonValue } from '@sandport/core';

/** What every result of these tests has. */
export const SAMPLE_FACTS: ExecutionFacts = {
  stdout: '',
  stderr: '',
  truncated: { stdout: false, stderr: false },
  exitCode: 0,
  signal: null,
  artifacts: { files: [], omitted: [], complete: true },
  clock: { queueMs: 0, claimMs: 0, startMs: 0, runMs: 0, collectMs: 0, totalMs: 0 },
  evidence: [{ kind: 'exit', observer: 'host', exitCode: 0, signal: null }],
  isolation: { kind: 'wasm', measuredBy: 'test', hardening: [] },
  providerId: 'fake',
  language: 'python',
};

/** A program that completed with a value. */
export function completedWith(value: JsonValue): CompletedResult {
  return { ...SAMPLE_FACTS, status: 'completed', error: null, value, valueJson: JSON.stringify(value) };
}

/** A program that was ended, or failed. */
export function endedAs(status: Exclude<ExecutionResult['status'], 'completed' | 'failed'>): ExecutionResult {
  return { ...SAMPLE_FACTS, status, error: null };
}
