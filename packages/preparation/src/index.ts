export { scrubberOf } from './configuration-scrubber.ts';
export { prepareProvider } from './prepare-provider.ts';
export { PREPARATION_CASES } from './preparation-cases.ts';
export type { PreparationOptions } from './preparation-options.ts';
export { tryConfiguration, type ConfigurationTrial, type TrialSettings } from './try-configuration.ts';
export { PREPARATION_STEPS, type PreparationProgress, type PreparationStep } from './preparation-progress.ts';
export { FINDING_KINDS, type FindingKind, type TrialFinding } from './trial-finding.ts';
