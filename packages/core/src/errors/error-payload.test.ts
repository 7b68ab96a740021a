import { describe, expect, test } from 'vitest';
import { ERROR_CODES, type SandboxErrorCode } from './error-codes.ts';
import { fromErrorPayload, toErrorPayload } from './error-payload.ts';
import { SandboxError } from './sandbox-error.ts';

const codes = Object.keys(ERROR_CODES) as SandboxErrorCode[];

/** What a far side would receive. */
function sent(error: unknown): unknown {
  return JSON.parse(JSON.stringify(toErrorPayload(error)));
}

describe('error payload', () => {
  test.each(codes)('brings %s across a wire with everything but its cause', (code) => {
    const error = new SandboxError(code, 'What happened.', {
      suggestion: 'Do this.',
      providerId: 'docker',
      operation: 'execute',
      details: { field: 'code', list: [1, null] },
      retryAfterMs: 1500,
      cause: new Error('private'),
    });
    const arrived = fromErrorPayload(sent(error));
    expect(arrived).toMatchObject({
      code,
      message: 'What happened.',
      suggestion: 'Do this.',
      providerId: 'docker',
      operation: 'execute',
      details: { field: 'code', list: [1, null] },
      retryAfterMs: 1500,
      retryable: ERROR_CODES[code].retryable,
    });
    expect(arrived.cause).toBeUndefined();
  });

  test('leaves out what was not given', () => {
    expect(sent(new SandboxError('CANCELLED', 'x'))).toEqual({ code: 'CANCELLED', message: 'x', retryable: false });
  });

  test('never shows the text of an error that was not meant for the caller', () => {
    const payload = sent(new Error('password=hunter2'));
    expect(payload).toMatchObject({ code: 'INTERNAL', retryable: false });
    expect(JSON.stringify(payload)).not.toContain('hunter2');
  });

  test('carries neither cause nor stack', () => {
    const payload = JSON.stringify(sent(new SandboxError('INTERNAL', 'x', { cause: new Error('hunter2') })));
    expect(payload).not.toContain('hunter2');
    expect(payload).not.toContain('error-payload.test');
  });

  test.each([
    ['nothing', undefined],
    ['a page of HTML', '<html>502</html>'],
    ['an unknown code', { code: 'MADE_UP', message: 'x', retryable: false }],
    ['a missing message', { code: 'INTERNAL', retryable: false }],
    ['a retry in the past', { code: 'INTERNAL', message: 'x', retryable: false, retryAfterMs: -1 }],
  ])('answers RESPONSE_INVALID to %s', (_name, payload) => {
    const error = fromErrorPayload(payload);
    expect(error.code).toBe('RESPONSE_INVALID');
    expect(error.cause).toBeInstanceOf(Error);
  });

  test('takes whether a retry makes sense from its own table, not from the wire', () => {
    expect(fromErrorPayload({ code: 'REQUEST_INVALID', message: 'x', retryable: true }).retryable).toBe(false);
  });
});
