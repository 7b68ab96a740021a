import type { ExecutionFacts, ExecutionResult } from '@sandport/core';

const FACTS: ExecutionFacts = {
  stdout: 'printed\n',
  stderr: '',
  truncated: { stdout: false, stderr: false },
  exitCode: 0,
  signal: null,
  artifacts: { files: [], omitted: [], complete: true },
  clock: { queueMs: 1, claimMs: 2, startMs: 3, runMs: 41.6, collectMs: 4, totalMs: 51.6 },
  evidence: [{ kind: 'isolation', observer: 'supervisor', isolation: 'gvisor', measuredBy: 'guest-kernel-log' }],
  isolation: { kind: 'gvisor', measuredBy: 'guest-kernel-log' },
  providerId: 'docker',
  language: 'python',
};

/** A result as a provider gives it, where no program can be made to end so. */
export function handmadeResult(
  verdict: { readonly status: Exclude<ExecutionResult['status'], 'failed'> } | { readonly status: 'failed'; readonly type: string },
  facts: Partial<ExecutionFacts> = {},
): ExecutionResult {
  const all = { ...FACTS, ...facts };
  if (verdict.status !== 'failed') return { ...all, status: verdict.status, error: null };
  return { ...all, status: 'failed', error: { type: verdict.type, message: 'what went wrong', traceback: '' } };
}
