import { MAX_JSON_DEPTH, REQUEST_LIMITS } from '@sandport/core';

/** Arguments may be as deep as the contract allows, and lie within a body. */
const MAX_DEPTH = MAX_JSON_DEPTH + 2;

/** More than that cannot be within the size of arguments, or would keep everybody waiting for seconds while a schema goes through it. */
const MAX_ELEMENTS = REQUEST_LIMITS.argumentsBytes / 2;
const MAX_NAMES = 100_000;

/**
 * What a schema must not be given: it goes as deep as its input and would end where the stack does, and it drops a member `__proto__` without a word, which is data like any other in arguments alone. Looked for level by level, and never by a
 * function that calls itself.
 */
export function describeHostileShape(input: unknown): string | undefined {
  const data: unknown = typeof input === 'object' && input !== null ? Reflect.get(input, 'arguments') : undefined;
  let level: { readonly value: unknown; readonly isData: boolean }[] = [{ value: input, isData: false }];
  let names = 0;
  let elements = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return `is nested deeper than ${MAX_DEPTH} levels`;
    const next: { readonly value: unknown; readonly isData: boolean }[] = [];
    for (const { value, isData } of level) {
      if (typeof value !== 'object' || value === null) continue;
      if (!isData && Object.hasOwn(value, '__proto__')) return 'has the name "__proto__", which is not allowed';
      const members: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
      if (Array.isArray(value)) elements += members.length;
      else names += members.length;
      if (names > MAX_NAMES || elements > MAX_ELEMENTS) return 'has more members than are taken';
      for (const member of members) {
        if (typeof member === 'object' && member !== null) next.push({ value: member, isData: isData || (depth === 0 && member === data) });
      }
    }
    level = next;
  }
  return undefined;
}
