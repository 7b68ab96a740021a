import type { CodeToolOptions, CodeToolOutcome } from '@sandport/agent';
import { z } from 'zod';
import { refusedOption } from '../option-errors.ts';

const MEBIBYTE = 1024 * 1024;

/** What a LangChain tool is made of: the options of the code tool, and these. */
export interface LangChainToolOptions extends CodeToolOptions {
  /** Images among the artifacts of a call that the model is shown, the first of them. Not every model takes images in the answer of a tool. @default 0 */
  readonly imageCount?: number | undefined;
  /** Bytes of one image that the model is shown; a larger one is only named. @default 1048576 */
  readonly imageBytes?: number | undefined;
  /** Told of each call, with the whole result: the model has seen the compact one. What it throws ends the call. */
  readonly onOutcome?: ((outcome: CodeToolOutcome) => void) | undefined;
}

const ownOptionsSchema = z.object({
  imageCount: z.int().min(0).max(20).default(0),
  imageBytes: z
    .int()
    .min(0)
    .max(20 * MEBIBYTE)
    .default(MEBIBYTE),
  onOutcome: z.custom<(outcome: CodeToolOutcome) => void>((value) => typeof value === 'function', 'must be a function').optional(),
});

/** How many images a model is shown, and how large. */
export interface ImageLimits {
  readonly imageCount: number;
  readonly imageBytes: number;
}

/** Options of this package, checked, apart from those of the code tool. */
export interface SplitToolOptions extends ImageLimits {
  readonly code: CodeToolOptions;
  readonly onOutcome: ((outcome: CodeToolOutcome) => void) | undefined;
}

/** @throws SandboxError `REQUEST_INVALID` naming the option. */
export function splitToolOptions({ imageCount, imageBytes, onOutcome, ...code }: LangChainToolOptions): SplitToolOptions {
  const parsed = ownOptionsSchema.safeParse({ imageCount, imageBytes, onOutcome });
  if (!parsed.success) throw refusedOption(parsed.error);
  return { code, ...parsed.data, onOutcome: parsed.data.onOutcome };
}
