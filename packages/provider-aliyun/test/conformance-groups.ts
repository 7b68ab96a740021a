import { CONFORMANCE_CASES } from '@sandport/conformance';

/** Cases that carry megabytes, or that wait for times to pass: beside many others they would be late. */
export const SLOW_CASES = [
  'cancellation/',
  'concurrency/',
  'files/stream-large',
  'input/large',
  'lifetimes/',
  'limits/usable-afterwards',
  'output/back-pressure',
  'output/large',
  'output/released',
  'sandboxes/after-cancel',
] as const;

/** All others. */
export const QUICK_CASES: readonly string[] = CONFORMANCE_CASES.map(({ id }) => id).filter(
  (id) => !SLOW_CASES.some((beginning) => id.startsWith(beginning)),
);
