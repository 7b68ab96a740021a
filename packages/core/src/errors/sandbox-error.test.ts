import { describe, expect, test, vi } from 'vitest';
import { ERROR_CODES } from './error-codes.ts';
import { SandboxError } from './sandbox-error.ts';

/** What a second installed copy of the package would be. */
async function loadSecondCopy(): Promise<typeof SandboxError> {
  vi.resetModules();
  const copy = await import('./sandbox-error.ts');
  return copy.SandboxError;
}

describe('SandboxError', () => {
  test('carries what it was given', () => {
    const cause = new Error('underneath');
    const error = new SandboxError('RATE_LIMITED', 'Slow down.', {
      suggestion: 'Wait.',
      providerId: 'e2b',
      operation: 'createSandbox',
      details: { used: 5 },
      retryAfterMs: 250,
      cause,
    });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'SandboxError',
      message: 'Slow down.',
      code: 'RATE_LIMITED',
      retryable: true,
      suggestion: 'Wait.',
      providerId: 'e2b',
      operation: 'createSandbox',
      details: { used: 5 },
      retryAfterMs: 250,
    });
    expect(error.cause).toBe(cause);
  });

  test('has no cause property when none was given', () => {
    expect(Object.hasOwn(new SandboxError('INTERNAL', 'x'), 'cause')).toBe(false);
  });

  test.each(Object.entries(ERROR_CODES))('reads from the table whether %s may be tried again', (code, facts) => {
    expect(new SandboxError(code as keyof typeof ERROR_CODES, 'x').retryable).toBe(facts.retryable);
  });

  test('names its class, message and cause when it is printed', () => {
    const error = new SandboxError('INTERNAL', 'It broke.', { cause: new TypeError('deeper') });
    expect(error.stack).toContain('It broke.');
    expect(String(error)).toBe('SandboxError: It broke.');
  });

  test('is recognised across two copies of the module, in both directions', async () => {
    const Copy = await loadSecondCopy();
    expect(Copy).not.toBe(SandboxError);
    const ours = new SandboxError('INTERNAL', 'ours');
    const theirs = new Copy('INTERNAL', 'theirs');
    expect(theirs).not.toBeInstanceOf(SandboxError);
    expect(SandboxError.isInstance(theirs)).toBe(true);
    expect(Copy.isInstance(ours)).toBe(true);
  });

  test.each([
    ['undefined', undefined],
    ['null', null],
    ['a text', 'SandboxError'],
    ['another error', new Error('x')],
    ['something that only looks like one', { name: 'SandboxError', code: 'INTERNAL', message: 'x' }],
  ])('does not take %s for one', (_name, value) => {
    expect(SandboxError.isInstance(value)).toBe(false);
  });
});
