import { expect } from 'vitest';

/** Stands for any text that has this one in it. */
export function containing(text: string): unknown {
  return expect.stringContaining(text);
}

/** Stands for any text that the expression matches. */
export function matching(expression: RegExp | string): unknown {
  return expect.stringMatching(expression);
}
