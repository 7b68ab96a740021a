import type { TextsLike } from '../texts.ts';
import type { playground as english } from '../en/playground.ts';

export const playground: TextsLike<typeof english> = {
  title: '试运行',
};
