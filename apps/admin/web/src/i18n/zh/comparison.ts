import type { TextsLike } from '../texts.ts';
import type { comparison as english } from '../en/comparison.ts';

export const comparison: TextsLike<typeof english> = {
  title: '对比',
};
