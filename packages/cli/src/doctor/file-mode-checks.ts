import { existsSync, statSync } from 'node:fs';
import type { HealthCheck } from '@sandport/core';

/** Warns of a file that other users of this machine may open. One that is not there is no finding. */
export function fileModeChecks(name: string, path: string | undefined, holds: string): HealthCheck[] {
  // Windows knows no such bits.
  if (path === undefined || process.platform === 'win32' || !existsSync(path) || (statSync(path).mode & 0o077) === 0) return [];
  return [
    {
      name,
      status: 'warning',
      message: `Other users of this machine may open "${path}", which ${holds}.`,
      remedy: `Keep it to yourself: chmod 600 "${path}"`,
    },
  ];
}
