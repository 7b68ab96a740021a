import type { SandboxError } from '@sandport/core';
import { dockerError } from '../docker-errors.ts';

/** The error for a step of building an image that failed. */
export function buildError(message: string, cause?: unknown): SandboxError {
  return dockerError('PROVIDER_UNAVAILABLE', 'build image', message, {
    suggestion: 'Look at the cause; the machine needs access to its package registries to build images.',
    ...(cause === undefined ? {} : { cause }),
  });
}
