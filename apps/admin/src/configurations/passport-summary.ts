import type { Consequences } from '@sandport/admin-api';
import type { Passport } from '@sandport/core';

type PassportSummary = NonNullable<Consequences['proofs'][number]['passport']>;

/** A passport in one line; `null` where there is none. */
export function summaryOf(passport: Passport | null): PassportSummary | null {
  if (passport === null) return null;
  const { passed, madeAtMs, durationMs, isolation, languages } = passport;
  return { passed, madeAtMs, durationMs, isolation, languages };
}
