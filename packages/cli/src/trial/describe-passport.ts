import type { Passport } from '@sandport/core';
import { formatBytes } from '../format-bytes.ts';
import { formatDuration } from '../format-duration.ts';

/** One thing that a trial has shown, for a reader. */
export type PassportLine = readonly [what: string, finding: string];

/** What a trial has proven, line by line. */
export function describePassport(passport: Passport): PassportLine[] {
  const { isolation, languages, network, limits, latency, cases } = passport;
  const counts = (['passed', 'failed', 'not-applicable'] as const).flatMap((outcome) => {
    const count = cases.filter((each) => each.outcome === outcome).length;
    return count === 0 ? [] : [`${count} ${outcome === 'not-applicable' ? 'not applicable' : outcome}`];
  });
  return [
    ['isolation', isolation === null ? 'not measured' : describeIsolation(isolation)],
    ['languages', listOf(languages)],
    ['network', listOf(network)],
    ['limits', limits.length === 0 ? 'none was tried' : limits.map(describeLimit).join(', ')],
    ['latency', latency === null ? 'not measured' : describeLatency(latency)],
    ['cases', counts.length === 0 ? 'none was run' : counts.join(', ')],
  ];
}

/** What stood in the way or failed, a sentence each; empty for a trial that was passed. */
export function describeFailures({ passed, problem, cases, limits }: Passport): string[] {
  const failures = [
    ...(problem === undefined ? [] : [problem]),
    ...cases.filter(({ outcome }) => outcome === 'failed').map(({ id, message }) => (message === undefined ? id : `${id}: ${message}`)),
    // Where there is a problem, it tells of them.
    ...(problem === undefined ? limits.filter(({ held }) => !held).map((limit) => `limit ${describeLimit(limit)}`) : []),
  ];
  return failures.length === 0 && !passed ? ['the trial was not passed'] : failures;
}

function describeIsolation({ kind, measuredBy, hardening = [] }: NonNullable<Passport['isolation']>): string {
  return `${kind} (measured by ${measuredBy}${hardening.length === 0 ? '' : `; ${hardening.join(', ')}`})`;
}

function describeLimit({ limit, value, held }: Passport['limits'][number]): string {
  const amount = limit === 'time' ? formatDuration(value) : limit === 'processes' ? String(value) : formatBytes(value);
  return `${limit} ${amount} ${held ? 'held' : 'did NOT hold'}`;
}

function describeLatency({ count, p50Ms, p95Ms, maxMs }: NonNullable<Passport['latency']>): string {
  return `p50 ${formatDuration(p50Ms)}, p95 ${formatDuration(p95Ms)}, max ${formatDuration(maxMs)} (${count} calls)`;
}

function listOf(words: readonly string[]): string {
  return words.length === 0 ? 'none' : words.join(', ');
}
