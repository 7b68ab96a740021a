import type { Sandbox } from '@sandport/core';
import type { ConformanceContext } from '../conformance-case.ts';
import type { CaseProgram } from '../define-case.ts';
import { expectEqual, expectEvidence, expectSettled, expectStatus, expectTrue } from '../expectations.ts';

/** Milliseconds that handing a program over may take before its own time begins. */
const HAND_OVER_MS = 3000;

/** The program, which prints `begun` and then goes on, is ended by the timer and the call settles in time. */
export async function expectTimedOut(
  context: ConformanceContext,
  sandbox: Sandbox,
  { code, language }: CaseProgram,
  timeoutMs: number,
): Promise<void> {
  const startedAt = performance.now();
  const call = sandbox.execute({ code, language, limits: { timeoutMs } }, { signal: context.signal });
  const result = await expectSettled(call, timeoutMs + context.graceMs + HAND_OVER_MS, 'the call after its time limit');
  const tookMs = performance.now() - startedAt;
  expectStatus(result, 'timed-out');
  expectEqual(result.stdout, 'begun\n', 'stdout');
  const timer = expectEvidence(result, 'timer');
  expectEqual(timer.limitMs, timeoutMs, 'limit in the evidence of the timer');
  expectTrue(timer.elapsedMs >= timeoutMs, 'the timer fired after the limit', timer.elapsedMs, `at least ${timeoutMs}`);
  // The one upper bound on time that the contract gives: a deadline is kept to the second, counted from the program's start.
  const { queueMs, claimMs, startMs } = result.clock;
  const sinceStartMs = Math.round(tookMs - queueMs - claimMs - startMs);
  expectTrue(
    sinceStartMs <= timeoutMs + context.graceMs,
    'milliseconds until the call settled',
    sinceStartMs,
    `at most ${timeoutMs} + ${context.graceMs}`,
  );
}
