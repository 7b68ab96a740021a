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
