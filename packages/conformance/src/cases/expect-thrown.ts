import { ConformanceFailure } from '../conformance-failure.ts';
import { expectTrue } from '../expectations.ts';

/** The call rejects with the very error that something of the caller's own threw. */
export async function expectThrown(settled: Promise<[PromiseSettledResult<unknown>]>, thrown: unknown): Promise<void> {
  const [outcome] = await settled;
  if (outcome.status === 'fulfilled') throw new ConformanceFailure('the call throws', outcome.value, thrown);
  expectTrue(outcome.reason === thrown, 'the error is the one that the caller’s own code threw', outcome.reason, thrown);
}
