import { SandboxError, type SettingsCallOptions } from '@sandport/core';

/** What {@link callStore} needs to know to keep a deadline and to name what missed it. */
export interface StoreCall extends SettingsCallOptions {
  /** For example `claimIdempotencyKey`. */
  readonly operation: string;
  /** Milliseconds from now. */
  readonly timeoutMs: number;
}

/**
 * Asks a store and settles in time, also when it never answers. The signal that it gets fires at the deadline and when the caller aborts.
 *
 * @throws SandboxError `CANCELLED` when the caller's signal fired; `SETTINGS_UNAVAILABLE` at the deadline, and for a failure of the store that is no SandboxError;
 *   else what the store threw.
 */
export async function callStore<Value>(call: StoreCall, ask: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
  const { signal } = call;
  if (signal?.aborted === true) throw withdrawn(call);
  const controller = new AbortController();
  let fail: (error: SandboxError) => void = () => undefined;
  const failure = new Promise<never>((_, reject) => {
    fail = (error) => {
      reject(error);
      controller.abort(error);
    };
  });
  const timer = setTimeout(() => fail(lateAnswer(call)), call.timeoutMs);
  const onAbort = (): void => fail(withdrawn(call));
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([ask(controller.signal), failure]);
  } catch (error) {
    // A store that noticed our signal first reports it in its own words; the reason is ours.
    if (controller.signal.aborted) throw controller.signal.reason;
    throw SandboxError.isInstance(error) ? error : failed(call, error);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** Whether the same question may be answered later. */
export function isOutage(error: unknown): boolean {
  return SandboxError.isInstance(error) && error.code === 'SETTINGS_UNAVAILABLE';
}

function withdrawn({ operation, signal }: StoreCall): SandboxError {
  return new SandboxError('CANCELLED', `The call was withdrawn by its caller (${operation}).`, {
    operation,
    suggestion: 'Call again with a signal that has not fired.',
    cause: signal?.reason,
  });
}

function lateAnswer({ operation, timeoutMs }: StoreCall): SandboxError {
  return new SandboxError('SETTINGS_UNAVAILABLE', `The settings store did not answer within ${timeoutMs} ms (${operation}).`, {
    operation,
    suggestion: 'Check that the database of the settings is up and not overloaded.',
  });
}

function failed({ operation }: StoreCall, cause: unknown): SandboxError {
  return new SandboxError('SETTINGS_UNAVAILABLE', `The settings store failed (${operation}).`, {
    operation,
    suggestion: 'Check the settings store that was handed to the client; the cause says what it met.',
    cause,
  });
}
