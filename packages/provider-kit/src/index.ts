export { artifactCollection, ARTIFACTS_NOT_COLLECTED, type CollectedFile } from './artifacts/artifact-collection.ts';
export { throwIfCancelled, withDeadline, type DeadlineOptions } from './deadline.ts';
export { deferred, type Deferred } from './deferred.ts';
export { BoundedText } from './output/bounded-text.ts';
export { guestFileUrl } from './runner/guest-files.ts';
export { encodeRunnerJob, parseRunnerReport, type RunnerReport } from './runner/runner-report.ts';
export type { RunFacts } from './verdict/run-facts.ts';
export { decideVerdict, evidenceOf, type Verdict } from './verdict/verdict.ts';
