import { inspect } from 'node:util';
import { SandboxError } from '@sandport/core';

/** What a call throws or rejects with; anything but a SandboxError fails the test. */
export async function failureOf(call: () => unknown): Promise<SandboxError> {
  try {
    await call();
  } catch (error) {
    if (SandboxError.isInstance(error)) return error;
    throw new Error('a SandboxError was expected', { cause: error });
  }
  throw new Error('a SandboxError was expected, but nothing failed');
}

/** Everything that a log could show of a value, its causes and hidden members included. */
export function everythingShown(value: unknown): string {
  const cause = value instanceof Error && value.cause !== undefined ? everythingShown(value.cause) : '';
  const properties =
    typeof value === 'object' && value !== null ? Object.getOwnPropertyNames(value).map((name) => String(Reflect.get(value, name))) : [];
  return [
    inspect(value, { depth: Infinity, showHidden: true, getters: true }),
    String(value),
    JSON.stringify(value),
    ...properties,
    cause,
  ].join('\n');
}
