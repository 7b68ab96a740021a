import { SandboxError } from '@sandport/core';
import type { ConfigurationDifference, ConfigurationStore } from '@sandport/settings';
import { formatTime } from '../format-time.ts';

/** Differences that a message names; the command in its advice shows all of them. */
const MAX_NAMED = 8;

/** Runs a change; when somebody else was first, the error also says when that was and what it changed. */
export async function explainConflict<Value>(
  configurations: ConfigurationStore,
  signal: AbortSignal,
  work: () => Promise<Value>,
): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (!SandboxError.isInstance(error) || error.code !== 'CONFIG_CONFLICT') throw error;
    throw await withFacts(configurations, signal, error);
  }
}

async function withFacts(configurations: ConfigurationStore, signal: AbortSignal, conflict: SandboxError): Promise<SandboxError> {
  const { expected, active, atMs } = conflict.details ?? {};
  if (typeof active !== 'number' || typeof atMs !== 'number') return conflict;
  const changes = typeof expected === 'number' ? (await configurations.diff(expected, active, { signal })).map(nameOf) : [];
  const named = changes.slice(0, MAX_NAMED).join(', ');
  const more = changes.length > MAX_NAMED ? ` and ${changes.length - MAX_NAMED} more` : '';
  const what = changes.length === 0 ? '' : ` and changed ${named}${more}`;
  const { suggestion, operation, details } = conflict;
  return new SandboxError('CONFIG_CONFLICT', `${conflict.message} It came into use at ${formatTime(atMs)}${what}.`, {
    ...(suggestion === undefined ? {} : { suggestion }),
    ...(operation === undefined ? {} : { operation }),
    details: { ...details, changes },
    cause: conflict,
  });
}

function nameOf({ row, field }: ConfigurationDifference): string {
  return field === null ? row : `${row} ${field}`;
}
