import type { E2bFault, E2bFaultRule, E2bOperation } from '@sandport/fakes';
import { describe, expect, test, vi } from 'vitest';
import { useOnce, type FaultCase } from './use-once.ts';

/** Longer than any deadline of ours with one hanging call in it. */
const SETTLED_WITHIN_MS = 60_000;

/** They wait more than they compute. */
const AT_A_TIME = 12;

/** The first such request meets the fault. */
export function once(operation: E2bOperation, fault: E2bFault): E2bFaultRule {
  return { match: { operation }, times: 1, fault };
}

/** The first three do. */
export function thrice(operation: E2bOperation, fault: E2bFault): E2bFaultRule {
  return { match: { operation }, times: 3, fault };
}

/** The first six do. */
export function sixTimes(operation: E2bOperation, fault: E2bFault): E2bFaultRule {
  return { match: { operation }, times: 6, fault };
}

/** Every such request does. */
export function always(operation: E2bOperation, fault: E2bFault): E2bFaultRule {
  return { match: { operation }, fault };
}

/** Tries every fault with a service of its own: the call settles as it should, the program has run once or not at all, and no sandbox is left. */
export function describeFaults(name: string, cases: readonly FaultCase[]): void {
  vi.setConfig({ maxConcurrency: AT_A_TIME });
  describe.concurrent(name, { timeout: SETTLED_WITHIN_MS + 30_000 }, () => {
    test.each(cases)('$phase: $name gives $expected', async ({ expected, ...fault }) => {
      const usage = await useOnce(fault);
      const { outcome, result, starts, runs } = usage;
      expect(expected.split('|'), outcome).toContain(outcome);
      expect(usage.settledMs).toBeLessThan(SETTLED_WITHIN_MS);
      expect(usage.left).toBe(0);
      expect(usage.faultsMet.length).toBeGreaterThan(0);
      expect(['', 'x']).toContain(starts);
      if (outcome !== 'completed') return;
      expect(result).toMatchObject({ value: 2, stdout: 'ran é\n', stderr: '' });
      expect({ starts, runs }).toEqual({ starts: 'x', runs: 'x' });
    });
  });
}
