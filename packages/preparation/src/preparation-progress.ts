/** The parts of a preparation, in their order. */
export const PREPARATION_STEPS = ['create', 'health', 'languages', 'limits', 'latency', 'cases', 'close'] as const;

/** One of {@link PREPARATION_STEPS}. */
export type PreparationStep = (typeof PREPARATION_STEPS)[number];

/** How far a preparation has come, for whoever waits for it. */
export interface PreparationProgress {
  readonly step: PreparationStep;
  /** Parts of the step that are over. */
  readonly done: number;
  /** Parts of the step. */
  readonly total: number;
  /** What is tried now, or what came of it: one line without control characters, at most 500 characters, without secrets of the configuration. */
  readonly message: string;
}
