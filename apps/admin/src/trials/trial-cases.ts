import { CONFORMANCE_CASES } from '@sandport/conformance';
import { PREPARATION_CASES } from '@sandport/preparation';
import type { Handler } from '../server/handler.ts';

/** The conformance cases that a trial can be made of. */
export function listTrialCases(): Handler<'listTrialCases'> {
  const cases = CONFORMANCE_CASES.map(({ id, title, area }) => ({
    id,
    title,
    area,
    isUsual: PREPARATION_CASES.some((beginning) => id.startsWith(beginning)),
  }));
  return async () => ({ cases });
}
