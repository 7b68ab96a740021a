import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConformanceSession, type ConformanceSessionOptions } from './conformance-session.ts';
import { selectCases } from './run-conformance.ts';

/** How the cases appear as vitest tests. */
export interface DescribeConformanceOptions extends Omit<ConformanceSessionOptions, 'createProvider'> {
  /** Ids, or beginnings of ids. @default every case */
  readonly only?: readonly string[] | undefined;
  /**
   * Ids of cases that do not apply to this provider. Their tests pass when that is so and fail when the case does apply, so that nothing is skipped.
   *
   * @default []
   */
  readonly notApplicable?: readonly string[] | undefined;
  /** Whether cases run beside each other, as many as vitest's `maxConcurrency` allows. @default false */
  readonly concurrent?: boolean | undefined;
}

/** More than the deadline of any case and its cleaning up. */
const TEST_TIMEOUT_MS = 180_000;

/** One vitest test per case. What does not apply to the provider, and is not named as such, is skipped with the reason. */
export function describeConformance(
  name: string,
  createProvider: ConformanceSessionOptions['createProvider'],
  options: DescribeConformanceOptions = {},
): void {
  const { only, notApplicable = [], concurrent = false, ...sessionOptions } = options;
  describe(name, { concurrent, timeout: TEST_TIMEOUT_MS }, () => {
    let session: Promise<ConformanceSession>;
    beforeAll(async () => {
      session = ConformanceSession.open({ createProvider, ...sessionOptions });
      await session;
    }, TEST_TIMEOUT_MS);
    afterAll(async () => (await session).close(), TEST_TIMEOUT_MS);

    it.for(selectCases(only).map((one) => [`${one.id}: ${one.title}`, one] as const))('%s', async ([, one], { skip }) => {
      const { outcome, message } = await (await session).run(one);
      if (notApplicable.includes(one.id)) return expect(outcome).toBe('not-applicable');
      skip(outcome === 'not-applicable', message);
      if (outcome === 'failed') throw new Error(message);
    });
  });
}
