import { z } from 'zod';

/** How much of an outcome a model is shown. Lengths are UTF-16 code units. */
export interface AnswerBudget {
  /** Length of the value's text. @default 8000 */
  readonly valueCharacters: number;
  /** Length of stdout and stderr together. @default 8000 */
  readonly outputCharacters: number;
  /** Length of the message of a program's error. @default 1000 */
  readonly errorCharacters: number;
  /** Artifacts that are named; the others are counted. @default 20 */
  readonly artifactCount: number;
}

const characters = (otherwise: number) => z.int().min(100).max(1_000_000).default(otherwise);

/** Checks a budget and fills in the defaults. */
export const answerBudgetSchema = z.strictObject({
  valueCharacters: characters(8000),
  outputCharacters: characters(8000),
  errorCharacters: characters(1000),
  artifactCount: z.int().min(0).max(1000).default(20),
});
