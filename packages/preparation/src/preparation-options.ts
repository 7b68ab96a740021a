import { selectCases, type ConformanceCase } from '@sandport/conformance';
import type { JsonObject, ProviderDefinition, SandboxError } from '@sandport/core';
import { functionOr, isDefinition, refusedOption, wholeNumberOr } from './option-checks.ts';
import { PREPARATION_CASES } from './preparation-cases.ts';
import type { PreparationProgress } from './preparation-progress.ts';
import type { TrialFinding } from './trial-finding.ts';

const DEFAULT_DEADLINE_MS = 180_000;
const MAX_DEADLINE_MS = 24 * 3_600_000;
const DEFAULT_GRACE_MS = 1000;
const MAX_GRACE_MS = 60_000;

/** What is tried, and how. */
export interface PreparationOptions {
  readonly definition: ProviderDefinition;
  /** The configuration as it would be used, with its secrets in the clear. Nothing of them reaches the passport or the progress. */
  readonly config: JsonObject;
  /** `configDigest` of the configuration as it is stored, with its secrets sealed: the passport is proof for that one. */
  readonly configDigest: string;
  /**
   * Ids of conformance cases or their beginnings, in the place of {@link PREPARATION_CASES}; spread that list to widen it. `all` takes minutes: give it a
   * longer `deadlineMs`. @default PREPARATION_CASES
   */
  readonly cases?: 'all' | readonly string[] | undefined;
  /** Withdraws the preparation: what was made is ended, and the call throws `CANCELLED`. */
  readonly signal?: AbortSignal | undefined;
  /** Told of everything that is begun and of what came of it. What it throws ends the preparation and is thrown on. */
  readonly onProgress?: ((progress: PreparationProgress) => void) | undefined;
  /** Told of each finding as it becomes known. What it throws ends the preparation and is thrown on. */
  readonly onFinding?: ((finding: TrialFinding) => void) | undefined;
  /** The time of the passport, in milliseconds since the epoch. @default Date.now */
  readonly now?: (() => number) | undefined;
  /** Milliseconds for everything but the closing at the end; up to 86400000. @default 180000 */
  readonly deadlineMs?: number | undefined;
  /** Milliseconds in which a call must settle after its deadline or its abort, up to 60000. The contract says 1000; a crowded machine needs more. @default 1000 */
  readonly graceMs?: number | undefined;
}

/** Options that were checked and completed. */
export interface CheckedOptions {
  readonly definition: ProviderDefinition;
  readonly config: JsonObject;
  readonly configDigest: string;
  readonly cases: readonly ConformanceCase[];
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (progress: PreparationProgress) => void;
  readonly onFinding: (finding: TrialFinding) => void;
  readonly now: () => number;
  readonly deadlineMs: number;
  readonly graceMs: number;
}

/**
 * Checks the options. What is wrong with the configuration is no matter of theirs.
 *
 * @throws SandboxError `REQUEST_INVALID` naming the option.
 */
export function checkOptions(options: PreparationOptions): CheckedOptions {
  const { definition, config, configDigest, cases, signal, onProgress, onFinding, now, deadlineMs, graceMs } = options;
  if (!isDefinition(definition)) throw invalid('definition', 'is no definition of a provider');
  if (typeof configDigest !== 'string' || !/^[0-9a-f]{64}$/.test(configDigest)) {
    throw invalid('configDigest', 'must be 64 lower-case hexadecimal digits');
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw invalid('signal', 'is no AbortSignal');
  return {
    definition,
    config,
    configDigest,
    cases: chosenCases(cases),
    signal,
    onProgress: functionOr('onProgress', onProgress, () => undefined, invalid),
    onFinding: functionOr('onFinding', onFinding, () => undefined, invalid),
    now: functionOr('now', now, Date.now, invalid),
    deadlineMs: wholeNumberOr('deadlineMs', deadlineMs, { otherwise: DEFAULT_DEADLINE_MS, max: MAX_DEADLINE_MS }, invalid),
    graceMs: wholeNumberOr('graceMs', graceMs, { otherwise: DEFAULT_GRACE_MS, max: MAX_GRACE_MS }, invalid),
  };
}

function chosenCases(cases: PreparationOptions['cases'] = PREPARATION_CASES): readonly ConformanceCase[] {
  if (cases === 'all') return selectCases();
  if (!Array.isArray(cases) || cases.length === 0) throw invalid('cases', 'must be "all" or a list that is not empty');
  for (const [index, beginning] of cases.entries()) {
    if (typeof beginning !== 'string' || beginning === '' || selectCases([beginning]).length === 0) {
      throw invalid(`cases.${index}`, 'is neither the id of a conformance case nor its beginning');
    }
  }
  return selectCases(cases);
}

function invalid(field: string, message: string): SandboxError {
  return refusedOption('prepareProvider', field, message);
}
