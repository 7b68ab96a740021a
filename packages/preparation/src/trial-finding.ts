/** What a finding of a trial is about. */
export const FINDING_KINDS = ['check', 'language', 'limit', 'latency', 'case'] as const;

/** One of {@link FINDING_KINDS}. */
export type FindingKind = (typeof FINDING_KINDS)[number];

/**
 * One thing that a trial has found out, for people. Every text is without secrets of the configuration and without control characters; all but the output are one line of
 * at most 500 characters. A trial whose passport did not pass has at least one finding that failed.
 */
export interface TrialFinding {
  readonly kind: FindingKind;
  /** Name of the health check, language, limit or case; of a check of the trial itself `configuration`, `isolation`, `deadline` or `close`. */
  readonly id: string;
  /** What was asked of the provider, in words. */
  readonly title: string;
  readonly outcome: 'passed' | 'warning' | 'failed' | 'not-applicable';
  /** What was found. */
  readonly message: string;
  /** How long it took. Health checks are made together, and each has the time of all of them; 0 where nothing was run. */
  readonly durationMs: number;
  /** What the program printed to stdout and then to stderr, at most 4000 characters. Absent where it printed nothing or that is not known. */
  readonly output?: string;
  /** What to do about it. Present whenever the outcome is `failed` or `warning`. */
  readonly remedy?: string;
}

/** A finding as the steps tell it: its texts may have secrets in them, and a remedy may be missing. */
export type RawFinding = Omit<TrialFinding, 'output' | 'remedy'> & {
  readonly output?: string | undefined;
  readonly remedy?: string | undefined;
};
