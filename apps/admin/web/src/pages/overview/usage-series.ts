import type { UsageAnswer, UsagePoint } from '@sandport/admin-api';
import { PROGRAM_STATUSES, type ProgramStatus } from '../../format/program-status.ts';

/** What was called in one step of time, of all providers that are looked at. */
export interface UsageStep {
  readonly atMs: number;
  readonly statuses: Readonly<Record<ProgramStatus, number>>;
  /** Calls that could not be served. */
  readonly errors: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  /** `null`: no provider with a pool reported. */
  readonly pool: Pool | null;
}

/** Sandboxes and waiting calls. */
export type Pool = NonNullable<UsagePoint['pool']>;

/** What was called over the whole time. */
export interface UsageTotals {
  readonly calls: number;
  readonly completed: number;
  /** Programs that did not complete. */
  readonly notCompleted: number;
  readonly errors: number;
  /** Calls that could not be served, by code, the most frequent first. */
  readonly errorsByCode: readonly (readonly [code: string, count: number])[];
  /** Of the newest step that has any. */
  readonly latest: { readonly p50Ms: number; readonly p95Ms: number } | null;
  readonly pool: Pool | null;
}

/** Every step from the beginning to the end, also those in which nothing was called. */
export function usageSteps({ fromMs, toMs, stepMs, points }: UsageAnswer, providerId: string | null): UsageStep[] {
  const byStep = new Map<number, UsagePoint[]>();
  for (const point of points) {
    if (providerId !== null && point.providerId !== providerId) continue;
    const index = Math.floor((point.atMs - fromMs) / stepMs);
    byStep.set(index, [...(byStep.get(index) ?? []), point]);
  }
  const count = Math.min(MAX_STEPS, Math.max(0, Math.ceil((toMs - fromMs) / stepMs)));
  return Array.from({ length: count }, (_, index) => stepOf(fromMs + index * stepMs, byStep.get(index) ?? []));
}

/** An answer that asks for more cannot be drawn. */
const MAX_STEPS = 2000;

/** Sums, and what is newest. */
export function usageTotals(steps: readonly UsageStep[], { points }: UsageAnswer, providerId: string | null): UsageTotals {
  const completed = sum(steps.map(({ statuses }) => statuses.completed));
  const programs = sum(steps.map(({ statuses }) => callsOf(statuses)));
  const errorsByCode = new Map<string, number>();
  for (const point of points) {
    if (providerId !== null && point.providerId !== providerId) continue;
    for (const [code, count] of Object.entries(point.errors)) errorsByCode.set(code, (errorsByCode.get(code) ?? 0) + count);
  }
  const errors = sum([...errorsByCode.values()]);
  const latest = steps.findLast(({ p50Ms }) => p50Ms !== null);
  return {
    calls: programs + errors,
    completed,
    notCompleted: programs - completed,
    errors,
    errorsByCode: [...errorsByCode].toSorted(([codeA, a], [codeB, b]) => b - a || codeA.localeCompare(codeB)),
    latest: latencyOf(latest),
    pool: steps.findLast(({ pool }) => pool !== null)?.pool ?? null,
  };
}

function latencyOf(step: UsageStep | undefined): UsageTotals['latest'] {
  if (step === undefined || step.p50Ms === null || step.p95Ms === null) return null;
  return { p50Ms: step.p50Ms, p95Ms: step.p95Ms };
}

/** Whether a step has a value and none of its neighbours has: of a line between points nothing is seen there. */
export function hasLonePoint(steps: readonly UsageStep[], valueOf: (step: UsageStep) => unknown): boolean {
  const has = (step: UsageStep | undefined): boolean => step !== undefined && valueOf(step) !== null;
  return steps.some((step, index) => has(step) && !has(steps[index - 1]) && !has(steps[index + 1]));
}

/** Calls whose program ran. */
export function callsOf(statuses: UsageStep['statuses']): number {
  return sum(Object.values(statuses));
}

function stepOf(atMs: number, points: readonly UsagePoint[]): UsageStep {
  const statuses = Object.fromEntries(PROGRAM_STATUSES.map((status) => [status, sum(points.map((point) => point.statuses[status] ?? 0))]));
  const pools = points.flatMap(({ pool }) => (pool === null ? [] : [pool]));
  return {
    atMs,
    statuses: statuses as Record<ProgramStatus, number>,
    errors: sum(points.map(({ errors }) => sum(Object.values(errors)))),
    // Percentiles cannot be added up: what the slowest provider had is what somebody waited for.
    p50Ms: highest(points.map(({ latency }) => latency?.p50Ms)),
    p95Ms: highest(points.map(({ latency }) => latency?.p95Ms)),
    pool:
      pools.length === 0
        ? null
        : {
            idle: sum(pools.map(({ idle }) => idle)),
            busy: sum(pools.map(({ busy }) => busy)),
            starting: sum(pools.map(({ starting }) => starting)),
            waiting: sum(pools.map(({ waiting }) => waiting)),
          },
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function highest(numbers: readonly (number | undefined)[]): number | null {
  const known = numbers.filter((number) => number !== undefined);
  return known.length === 0 ? null : Math.max(...known);
}
