import type { TextsLike } from '../texts.ts';
import type { people as english } from '../en/people.ts';

export const people: TextsLike<typeof english> = {
  title: '人员',
};
