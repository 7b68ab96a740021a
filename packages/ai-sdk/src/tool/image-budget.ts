import { z } from 'zod';
import { refusedOptions } from '../option-errors.ts';

/** How many images of one call the model is shown. */
export interface ImageBudget {
  /** Images, the first ones: 0 to 20. @default 0 */
  readonly count: number;
  /** Bytes of one image; a larger one is only named: 1 to 20971520. @default 1048576 */
  readonly bytes: number;
}

const MEBIBYTE = 1024 * 1024;

const optionsSchema = z.strictObject({
  images: z
    .strictObject({
      count: z.int().min(0).max(20).default(0),
      bytes: z
        .int()
        .min(1)
        .max(20 * MEBIBYTE)
        .default(MEBIBYTE),
    })
    .prefault({}),
});

/** @throws SandboxError `REQUEST_INVALID` naming the option. */
export function checkImageBudget(options: unknown): ImageBudget {
  const parsed = optionsSchema.safeParse(options);
  if (!parsed.success) throw refusedOptions(parsed.error);
  return parsed.data.images;
}
