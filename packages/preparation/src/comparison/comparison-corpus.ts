import type { ComparisonProgram } from './comparison-program.ts';
import { ENDING_PROGRAMS } from './ending-programs.ts';
import { LANGUAGE_COMPARISON_PROGRAMS } from './language-programs.ts';
import { STREAM_PROGRAMS } from './stream-programs.ts';
import { VALUE_PROGRAMS } from './value-programs.ts';

/**
 * Small programs by which two configurations can be told apart: what agents do, and where providers are known to differ. Each of them comes out the same on one provider as
 * often as it runs, but for the time that it takes.
 */
export const COMPARISON_CORPUS: readonly ComparisonProgram[] = [
  ...VALUE_PROGRAMS,
  ...STREAM_PROGRAMS,
  ...ENDING_PROGRAMS,
  ...LANGUAGE_COMPARISON_PROGRAMS,
];
