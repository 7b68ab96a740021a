import { performance } from 'node:perf_hooks';
import type { JsonObject, ProviderDefinition, SandboxError } from '@sandport/core';
import { functionOr, isDefinition, refusedOption, wholeNumberOr } from '../option-checks.ts';
import type { ComparedOutcome } from './compared-outcome.ts';
import { COMPARISON_CORPUS } from './comparison-corpus.ts';
import type { ComparisonProgram } from './comparison-program.ts';
import type { OutcomeDifference } from './outcome-differences.ts';

const DEFAULT_DEADLINE_MS = 900_000;
const MAX_DEADLINE_MS = 24 * 3_600_000;

/** One of the two configurations. */
export interface ComparisonSide {
  readonly definition: ProviderDefinition;
  /** As it would be used, with its secrets in the clear. Nothing of them is told. */
  readonly config: JsonObject;
}

/** What came of one program on both sides. */
export interface ComparedProgram {
  readonly program: ComparisonProgram;
  readonly left: ComparedOutcome;
  readonly right: ComparedOutcome;
  /** The gravest kind first; empty when both did the same. */
  readonly differences: readonly OutcomeDifference[];
}

/** What is compared, and how. */
export interface ComparisonOptions {
  readonly left: ComparisonSide;
  readonly right: ComparisonSide;
  /** Ids of {@link COMPARISON_CORPUS}. @default every one */
  readonly programs?: readonly string[] | undefined;
  /** Withdraws the comparison: what runs is ended, and the call throws `CANCELLED`. */
  readonly signal?: AbortSignal | undefined;
  /** Told of each program as soon as both sides are through. What it throws ends the comparison and is thrown on. */
  readonly onCompared?: ((compared: ComparedProgram) => void) | undefined;
  /** Milliseconds for everything but the closing at the end; up to 86400000. @default 900000 */
  readonly deadlineMs?: number | undefined;
  /** A clock in milliseconds, for the time that calls take. @default performance.now */
  readonly now?: (() => number) | undefined;
}

/** Options that were checked and completed. */
export interface CheckedComparison {
  readonly left: ComparisonSide;
  readonly right: ComparisonSide;
  readonly programs: readonly ComparisonProgram[];
  readonly signal: AbortSignal | undefined;
  readonly onCompared: (compared: ComparedProgram) => void;
  readonly deadlineMs: number;
  readonly now: () => number;
}

/**
 * Checks the options. What is wrong with a configuration is no matter of theirs.
 *
 * @throws SandboxError `REQUEST_INVALID` naming the option.
 */
export function checkComparison({ left, right, programs, signal, onCompared, deadlineMs, now }: ComparisonOptions): CheckedComparison {
  if (!isDefinition(left?.definition)) throw invalid('left.definition', 'is no definition of a provider');
  if (!isDefinition(right?.definition)) throw invalid('right.definition', 'is no definition of a provider');
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw invalid('signal', 'is no AbortSignal');
  return {
    left,
    right,
    programs: chosenPrograms(programs),
    signal,
    onCompared: functionOr('onCompared', onCompared, () => undefined, invalid),
    deadlineMs: wholeNumberOr('deadlineMs', deadlineMs, { otherwise: DEFAULT_DEADLINE_MS, max: MAX_DEADLINE_MS }, invalid),
    now: functionOr('now', now, () => performance.now(), invalid),
  };
}

function chosenPrograms(ids: readonly string[] | undefined): readonly ComparisonProgram[] {
  if (ids === undefined) return COMPARISON_CORPUS;
  if (!Array.isArray(ids) || ids.length === 0) throw invalid('programs', 'must be a list that is not empty');
  const unknown = ids.findIndex((id) => COMPARISON_CORPUS.every((program) => program.id !== id));
  if (unknown !== -1) throw invalid(`programs.${unknown}`, 'is no id of a program of the corpus');
  return COMPARISON_CORPUS.filter(({ id }) => ids.includes(id));
}

function invalid(field: string, message: string): SandboxError {
  return refusedOption('compareProviders', field, message);
}
