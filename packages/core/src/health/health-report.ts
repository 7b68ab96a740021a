import type { MeasuredIsolation } from '../isolation.ts';

/** One thing that was looked at. */
export interface HealthCheck {
  /** What was looked at, for example `engine`, `runtime`, `image.python`. */
  readonly name: string;
  /** `failed` means that code cannot be run until it is mended; `warning` means that it can. */
  readonly status: 'ok' | 'warning' | 'failed';
  /** What was found, one sentence. */
  readonly message: string;
  /** What to do about it. Present unless the status is `ok`. */
  readonly remedy?: string;
}

/**
 * What a provider found when it looked. `healthy` promises that a trivial program was really run through the whole path, or that
 * nothing that could be looked at stands in its way; never that the configuration merely parses.
 */
export interface HealthReport {
  readonly providerId: string;
  readonly status: 'healthy' | 'degraded' | 'unhealthy';
  /** The isolation that a probe found inside, or `null` when no probe could run. */
  readonly isolation: MeasuredIsolation | null;
  readonly checks: readonly HealthCheck[];
  /** ISO 8601 time of the look. */
  readonly checkedAt: string;
  readonly durationMs: number;
}

/** The status that follows from the checks: any `failed` is `unhealthy`, any `warning` is `degraded`. */
export function healthStatusOf(checks: readonly HealthCheck[]): HealthReport['status'] {
  if (checks.some((check) => check.status === 'failed')) return 'unhealthy';
  return checks.some((check) => check.status === 'warning') ? 'degraded' : 'healthy';
}
