import { SandboxError, type UsageRange, type UsageRow } from '@sandport/core';

const MINUTE_MS = 60_000;

/** Rows that one call may write: what a client keeps at most while it cannot write. */
const MAX_ROWS = 1000;

/** Steps that one call may ask for. */
const MAX_STEPS = 20_000;

/** @throws SandboxError `REQUEST_INVALID` */
export function checkUsageRows(rows: readonly UsageRow[]): void {
  if (rows.length > MAX_ROWS) throw refuse('rows', `are ${rows.length}; the most is ${MAX_ROWS}`);
  for (const { clientId, providerId, minuteMs } of rows) {
    if (!/^[\x21-\x7e]{1,64}$/.test(clientId)) throw refuse('clientId', 'must have 1 to 64 letters, digits and signs');
    if (!isProviderId(providerId)) throw refuse('providerId', 'must have 1 to 128 characters');
    if (!isMinute(minuteMs)) throw refuse('minuteMs', 'must be the beginning of a minute');
  }
}

/** @throws SandboxError `REQUEST_INVALID` */
export function checkUsageRange({ fromMs, toMs, stepMs }: UsageRange): void {
  if (!Number.isSafeInteger(fromMs) || fromMs < 0) throw refuse('fromMs', 'must be a whole number of milliseconds since the epoch');
  if (!Number.isSafeInteger(toMs) || toMs <= fromMs) throw refuse('toMs', 'must be a moment after "fromMs"');
  if (!isMinute(stepMs) || stepMs === 0) throw refuse('stepMs', 'must be a whole number of minutes');
  if ((toMs - fromMs) / stepMs > MAX_STEPS) throw refuse('stepMs', `makes more than ${MAX_STEPS} steps`);
}

function isMinute(timeMs: number): boolean {
  return Number.isSafeInteger(timeMs) && timeMs >= 0 && timeMs % MINUTE_MS === 0;
}

function isProviderId(id: string): boolean {
  return id !== '' && id.length <= 128 && !id.includes('\0') && id.isWellFormed();
}

function refuse(field: string, message: string): SandboxError {
  return new SandboxError('REQUEST_INVALID', `${field}: ${message}.`, {
    operation: 'usage',
    suggestion: 'Correct it and call again; nothing was stored.',
    details: { field },
  });
}
