import { CONFORMANCE_CASES } from './conformance-cases.ts';
import type { ConformanceCase } from './conformance-case.ts';
import { ConformanceSession, type CaseReport, type ConformanceSessionOptions } from './conformance-session.ts';

/** What is run, and how. */
export interface ConformanceOptions extends ConformanceSessionOptions {
  /** Ids, or beginnings of ids such as `limits/` or `values/date`. @default every case */
  readonly only?: readonly string[] | undefined;
  /** Called after each case. */
  readonly onProgress?: ((report: CaseReport) => void) | undefined;
  /** Stops the run: no further case is begun, those that run are ended with what they made, and the call rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** How many cases run at one time. @default 1 */
  readonly concurrency?: number | undefined;
}

/** What became of every case that was chosen. */
export interface ConformanceReport {
  /** In the order of {@link CONFORMANCE_CASES}. */
  readonly cases: readonly CaseReport[];
  readonly passed: number;
  readonly failed: number;
  readonly notApplicable: number;
}

/** Runs the contract against a provider and says what it keeps. Broken promises are in the report; they do not reject the call. */
export async function runConformance(options: ConformanceOptions): Promise<ConformanceReport> {
  const { only, onProgress, signal, concurrency = 1 } = options;
  signal?.throwIfAborted();
  const chosen = selectCases(only);
  const reports = new Map<ConformanceCase, CaseReport>();
  const session = await ConformanceSession.open(options);
  // One iterator for all workers: each takes the next case that nobody has.
  const remaining = chosen.values();
  const work = async () => {
    for (const one of remaining) {
      if (signal?.aborted === true) return;
      const report = await session.run(one, { signal });
      reports.set(one, report);
      onProgress?.(report);
    }
  };
  try {
    // Every case has ended before the provider is closed, also when one of them was broken off.
    const workers = await Promise.allSettled(Array.from({ length: concurrency }, work));
    const broken = workers.find((worker) => worker.status === 'rejected');
    if (broken !== undefined) throw broken.reason;
  } finally {
    await session.close();
  }
  signal?.throwIfAborted();
  return summarise(chosen.flatMap((one) => reports.get(one) ?? []));
}

/** The cases whose id is, or begins with, one of the given texts; all cases when none are given. */
export function selectCases(only?: readonly string[]): readonly ConformanceCase[] {
  if (only === undefined) return CONFORMANCE_CASES;
  return CONFORMANCE_CASES.filter(({ id }) => only.some((beginning) => id.startsWith(beginning)));
}

function summarise(cases: readonly CaseReport[]): ConformanceReport {
  const count = (outcome: CaseReport['outcome']) => cases.filter((one) => one.outcome === outcome).length;
  return { cases, passed: count('passed'), failed: count('failed'), notApplicable: count('not-applicable') };
}
