export { scrubberOf } from './configuration-scrubber.ts';
export { prepareProvider } from './prepare-provider.ts';
export { PREPARATION_CASES } from './preparation-cases.ts';
export type { PreparationOptions } from './preparation-options.ts';
export { SecretScrubber } from './secret-scrubber.ts';
export { tryConfiguration, type ConfigurationTrial, type TrialSettings } from './try-configuration.ts';
export { PREPARATION_STEPS, type PreparationProgress, type PreparationStep } from './preparation-progress.ts';
export { FINDING_KINDS, type FindingKind, type TrialFinding } from './trial-finding.ts';
export { compareProviders, type ComparisonSummary } from './comparison/compare-providers.ts';
export type { ComparedOutcome } from './comparison/compared-outcome.ts';
export { COMPARISON_CORPUS } from './comparison/comparison-corpus.ts';
export type { ComparedProgram, ComparisonOptions, ComparisonSide } from './comparison/comparison-options.ts';
export type { ComparisonProgram } from './comparison/comparison-program.ts';
export {
  DIFFERENCE_KINDS,
  describeOutcomeDifferences,
  type DifferenceKind,
  type OutcomeDifference,
} from './comparison/outcome-differences.ts';
