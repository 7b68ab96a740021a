import type { TextsLike } from '../texts.ts';
import type { overview as english } from '../en/overview.ts';

export const overview: TextsLike<typeof english> = {
  title: '概览',
};
