import { inspect } from 'node:util';

/** A promise of the contract that a provider did not keep. */
export class ConformanceFailure extends Error {
  override readonly name = 'ConformanceFailure';
  readonly actual: unknown;
  readonly expected: unknown;

  constructor(what: string, actual: unknown, expected: unknown) {
    super(`${what}: expected ${show(expected)}, got ${show(actual)}`);
    this.actual = actual;
    this.expected = expected;
  }
}

/** Thrown by a case that finds, while running, that it has nothing to check here. */
export class NotApplicable extends Error {
  override readonly name = 'NotApplicable';
}

function show(value: unknown): string {
  const text = inspect(value, { depth: 4, maxStringLength: 300, maxArrayLength: 20, breakLength: Number.POSITIVE_INFINITY });
  return text.length > 1200 ? `${text.slice(0, 1200)}…` : text;
}
