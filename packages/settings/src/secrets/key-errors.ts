import { SandboxError } from '@sandport/core';

/** What was being done when a source of master keys failed. */
const LOAD_KEYS = 'loadMasterKeys';

/** A source of master keys that the operator has to mend. `finding` and `suggestion` never hold anything that was read from it. */
export function keySourceInvalid(source: string, finding: string, suggestion: string, cause?: unknown): SandboxError {
  return keySourceError('CONFIG_INVALID', source, finding, suggestion, cause);
}

/** A source of master keys that may work again by itself. */
export function keySourceUnavailable(source: string, finding: string, suggestion: string, cause?: unknown): SandboxError {
  return keySourceError('SETTINGS_UNAVAILABLE', source, finding, suggestion, cause);
}

/** The caller's signal fired. */
export function keysWithdrawn(signal: AbortSignal): SandboxError {
  return new SandboxError('CANCELLED', 'The reading of the master keys was withdrawn.', { operation: LOAD_KEYS, cause: signal.reason });
}

/** The system's code of a failure, when it has one. */
export function systemCodeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function keySourceError(
  code: 'CONFIG_INVALID' | 'SETTINGS_UNAVAILABLE',
  source: string,
  finding: string,
  suggestion: string,
  cause: unknown,
): SandboxError {
  return new SandboxError(code, `${source}: ${finding}.`, {
    operation: LOAD_KEYS,
    suggestion,
    details: { source },
    ...(cause === undefined ? {} : { cause }),
  });
}
