import { expect } from 'vitest';

// What Vitest gives for these has no type of its own; inside of objects it needs one.
export const anyText: unknown = expect.any(String);
export const anyNumber: unknown = expect.any(Number);
export const anyList: unknown = expect.any(Array);
export const anySyntaxError: unknown = expect.any(SyntaxError);
export const textWith = (part: string): unknown => expect.stringContaining(part);
export const textLike = (pattern: RegExp): unknown => expect.stringMatching(pattern);
