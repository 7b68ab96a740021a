import { CONFORMANCE_AREAS, type CaseReport, type ConformanceArea, type ConformanceCase } from '@sandport/conformance';
import type { ProviderCapabilities } from '@sandport/core';
import { adviceForFailure } from './conformance-advice.ts';
import type { ConformanceLevel } from './choose-cases.ts';
import type { TriedConfig } from './tried-config.ts';

/** Most characters that are told of what was seen. */
const SEEN_MAX_LENGTH = 4000;

/** A promise of the contract, and what became of it. */
export interface ReportedCase {
  readonly id: string;
  /** What the contract asks for, as a sentence. */
  readonly requirement: string;
  readonly outcome: CaseReport['outcome'];
  /** Why it failed or does not apply; of one that passed, that its refusal was tried. */
  readonly seen: string | null;
  /** What to do about it; `null` where nothing is to be done. */
  readonly advice: string | null;
  readonly durationMs: number;
}

/** All cases of one area. */
export interface ReportedGroup {
  readonly group: ConformanceArea;
  readonly passed: number;
  readonly failed: number;
  readonly notApplicable: number;
  readonly durationMs: number;
  readonly cases: readonly ReportedCase[];
}

/** What was tried, and how. */
export interface ConformanceFacts {
  readonly provider: { readonly id: string; readonly displayName: string; readonly module: string | null };
  readonly level: ConformanceLevel;
  /** What of the level was chosen; empty for all of it. */
  readonly only: readonly string[];
  readonly configuration: TriedConfig['source'];
  readonly startedAt: string;
  readonly durationMs: number;
  readonly node: string;
}

/** The whole report, as `--json` gives it. */
export interface ConformanceDocument extends ConformanceFacts {
  readonly status: 'passed' | 'failed';
  readonly passed: number;
  readonly failed: number;
  readonly notApplicable: number;
  readonly groups: readonly ReportedGroup[];
}

/** What of a run is reported. */
export interface ReportedRun {
  readonly cases: readonly ConformanceCase[];
  readonly reports: readonly CaseReport[];
  readonly capabilities: ProviderCapabilities;
  /** Takes secrets out of a text. */
  readonly scrub: (text: string) => string;
}

/** Makes the report of a run. */
export function reportConformance(facts: ConformanceFacts, run: ReportedRun): ConformanceDocument {
  const groups = CONFORMANCE_AREAS.flatMap((group) => groupOf(group, run));
  const sum = (count: (group: ReportedGroup) => number) => groups.reduce((total, group) => total + count(group), 0);
  const failed = sum((group) => group.failed);
  return {
    ...facts,
    status: failed === 0 ? 'passed' : 'failed',
    passed: sum((group) => group.passed),
    failed,
    notApplicable: sum((group) => group.notApplicable),
    groups,
  };
}

function groupOf(group: ConformanceArea, run: ReportedRun): ReportedGroup[] {
  const reports = run.reports.filter(({ area }) => area === group);
  if (reports.length === 0) return [];
  const count = (outcome: CaseReport['outcome']) => reports.filter((report) => report.outcome === outcome).length;
  return [
    {
      group,
      passed: count('passed'),
      failed: count('failed'),
      notApplicable: count('not-applicable'),
      durationMs: Math.round(reports.reduce((total, { durationMs }) => total + durationMs, 0)),
      cases: reports.map((report) => caseOf(report, run)),
    },
  ];
}

function caseOf({ id, title, outcome, message, durationMs }: CaseReport, { cases, capabilities, scrub }: ReportedRun): ReportedCase {
  const one = cases.find((each) => each.id === id);
  return {
    id,
    requirement: `${title.slice(0, 1).toUpperCase()}${title.slice(1)}.`,
    outcome,
    seen: message === undefined ? null : scrub(message).slice(0, SEEN_MAX_LENGTH),
    advice: outcome === 'failed' && one !== undefined ? adviceForFailure(one, capabilities) : null,
    durationMs: Math.round(durationMs),
  };
}
