import { SandboxError, type HealthCheck } from '@sandport/core';
import type { ReadFailure } from './configuration-follower.ts';

/** What health says of settings that cannot be read: calls go on with what was last read. */
export function settingsCheck({ sinceMs, error }: ReadFailure, version: number | undefined): HealthCheck {
  const inUse = version === undefined ? 'what was last read' : `version ${version}`;
  const reason = SandboxError.isInstance(error) ? ` (${error.code})` : '';
  const since = new Date(sinceMs).toISOString();
  return {
    name: 'settings',
    status: 'warning',
    message: `The stored configuration cannot be read${reason} since ${since}; calls go on with ${inUse}.`,
    remedy:
      (SandboxError.isInstance(error) ? error.suggestion : undefined) ??
      'Check the database of the stored configuration; changes are noticed again as soon as it can be read.',
  };
}
