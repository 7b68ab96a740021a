import { CONFORMANCE_AREAS, CONFORMANCE_CASES, FIRST_CASES, type ConformanceCase } from '@sandport/conformance';
import { usageError } from '../usage-error.ts';

/** How much of the contract is tried. */
export const CONFORMANCE_LEVELS = ['first', 'all'] as const;

/** One of {@link CONFORMANCE_LEVELS}. */
export type ConformanceLevel = (typeof CONFORMANCE_LEVELS)[number];

/**
 * The cases of a level, or those of them that groups, or beginnings of their ids, name.
 *
 * @throws SandboxError `REQUEST_INVALID` for a name that none of them has.
 */
export function chooseCases(level: ConformanceLevel, only: readonly string[]): readonly ConformanceCase[] {
  const ofLevel = level === 'all' ? CONFORMANCE_CASES : CONFORMANCE_CASES.filter(({ id }) => FIRST_CASES.includes(id));
  if (only.length === 0) return ofLevel;
  const beginnings = only.map((name) => (name.includes('/') ? name : `${name}/`));
  for (const [index, beginning] of beginnings.entries()) {
    if (beginning !== '/' && ofLevel.some(({ id }) => id.startsWith(beginning))) continue;
    throw usageError(
      `--only: no case of the level "${level}" is in "${(only[index] ?? '').slice(0, 64)}".`,
      `Name groups, or beginnings of ids as --list shows them; the groups are: ${CONFORMANCE_AREAS.join(', ')}.`,
    );
  }
  return ofLevel.filter(({ id }) => beginnings.some((beginning) => id.startsWith(beginning)));
}
