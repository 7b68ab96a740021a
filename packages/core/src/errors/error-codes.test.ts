import { describe, expect, test } from 'vitest';
import { ERROR_CODES } from './error-codes.ts';

describe('ERROR_CODES', () => {
  test.each(Object.entries(ERROR_CODES))('%s has an HTTP status of an error and one sentence', (code, facts) => {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    expect(facts.httpStatus).toBeGreaterThanOrEqual(400);
    expect(facts.httpStatus).toBeLessThan(600);
    expect(facts.meaning).toMatch(/^[A-Z][^.]+\.$/);
  });

  test('promises success of a retry only for statuses that mean "later"', () => {
    const retryableStatuses = Object.values(ERROR_CODES).flatMap((facts) => (facts.retryable ? [facts.httpStatus] : []));
    expect(new Set(retryableStatuses)).toEqual(new Set([429, 503, 504]));
  });

  test('blames the caller only for what the caller can change', () => {
    const clientSide = Object.entries(ERROR_CODES).flatMap(([code, facts]) => (facts.httpStatus < 429 ? [code] : []));
    expect(clientSide).toEqual([
      'REQUEST_INVALID',
      'LANGUAGE_UNSUPPORTED',
      'CAPABILITY_UNSUPPORTED',
      'FILE_NOT_FOUND',
      'SANDBOX_CLOSED',
      'SANDBOX_NOT_FOUND',
      'CONTEXT_CLOSED',
      'CONFIG_CONFLICT',
      'POLICY_VIOLATED',
      'IDEMPOTENCY_KEY_REUSED',
      'IDEMPOTENT_CALL_LOST',
    ]);
  });
});
