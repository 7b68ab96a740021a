import { describe, expect, it } from 'vitest';
import { dockerError, toDockerError } from './docker-errors.ts';

describe('toDockerError', () => {
  it.each([
    [{ code: 'ENOENT' }, 'PROVIDER_UNAVAILABLE'],
    [{ code: 'ECONNREFUSED' }, 'PROVIDER_UNAVAILABLE'],
    [{ code: 'EACCES' }, 'PROVIDER_UNAVAILABLE'],
    [{ statusCode: 401 }, 'AUTHENTICATION_FAILED'],
    [{ statusCode: 500 }, 'PROVIDER_UNAVAILABLE'],
    [new Error('anything'), 'PROVIDER_UNAVAILABLE'],
    ['a text', 'PROVIDER_UNAVAILABLE'],
  ])('maps %o by its codes alone', (cause, code) => {
    const error = toDockerError(cause, 'answer');
    expect(error).toMatchObject({ code, cause, providerId: 'docker', operation: 'answer' });
    expect(error.suggestion).toBeTruthy();
  });

  it('leaves an error of ours alone', () => {
    const error = dockerError('CAPACITY_EXHAUSTED', 'claim container', 'full');
    expect(toDockerError(error, 'answer')).toBe(error);
  });
});
