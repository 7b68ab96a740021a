import type { ConformanceArea } from './conformance-case.ts';
import { CONFORMANCE_CASES } from './conformance-cases.ts';

/** Beginnings of the ids of cases that carry megabytes, or whose times are short: beside many others they would be late. For suites that run the others side by side. */
export const SLOW_CASES = [
  'cancellation/',
  'concurrency/',
  'contexts/cancel-keeps',
  'contexts/interrupt',
  'contexts/most',
  'contexts/stubborn',
  'contexts/timeout',
  'files/stream-large',
  'input/large',
  'limits/usable-afterwards',
  'output/back-pressure',
  'output/large',
  'output/released',
  'sandboxes/after-cancel',
] as const;

/** The ids of all others. */
export const QUICK_CASES: readonly string[] = CONFORMANCE_CASES.map(({ id }) => id).filter(
  (id) => !SLOW_CASES.some((beginning) => id.startsWith(beginning)),
);

/** Areas of {@link FIRST_CASES}. */
const FIRST_AREAS: ReadonlySet<ConformanceArea> = new Set([
  'lifecycle',
  'requests',
  'arguments',
  'programs',
  'values',
  'output',
  'errors',
  'files',
  'results',
  'health',
]);

/**
 * The first level, where the author of a provider begins: that one program runs and what it did comes back whole and true. Of those areas the quick cases. What keeps a sandbox open, ends a
 * program from outside or separates it from others comes with all cases.
 */
export const FIRST_CASES: readonly string[] = CONFORMANCE_CASES.filter(({ area }) => FIRST_AREAS.has(area))
  .map(({ id }) => id)
  .filter((id) => QUICK_CASES.includes(id));
