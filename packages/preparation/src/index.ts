export { prepareProvider } from './prepare-provider.ts';
export { PREPARATION_CASES } from './preparation-cases.ts';
export type { PreparationOptions } from './preparation-options.ts';
export { PREPARATION_STEPS, type PreparationProgress, type PreparationStep } from './preparation-progress.ts';
export { FINDING_KINDS, type FindingKind, type TrialFinding } from './trial-finding.ts';
