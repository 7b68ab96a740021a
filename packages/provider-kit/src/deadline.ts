import { SandboxError } from '@sandport/core';
import { deferred } from './deferred.ts';

/** What {@link withDeadline} needs to know to keep a deadline and to name what missed it. */
export interface DeadlineOptions {
  /** Milliseconds from now. */
  readonly timeoutMs: number;
  /** The caller's own signal. */
  readonly signal?: AbortSignal | undefined;
  readonly providerId: string;
  /** What is being done, for example `start container`. */
  readonly operation: string;
  /** One sentence of advice for the one whose deadline passed. */
  readonly suggestion?: string;
}

/**
 * Runs something remote and settles in time, also when the far side never answers and when the callee ignores its signal. The signal
 * that the callee gets fires at the deadline and when the caller aborts.
 *
 * @throws SandboxError `DEADLINE_EXCEEDED` at the deadline, `CANCELLED` when the caller's signal fired; else what the callee threw.
 */
export async function withDeadline<Result>(options: DeadlineOptions, run: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  throwIfCancelled(options);
  const controller = new AbortController();
  const failure = deferred<never>();
  const fail = (error: SandboxError): void => {
    failure.reject(error);
    controller.abort(error);
  };
  const timer = setTimeout(() => fail(deadlineError(options)), options.timeoutMs);
  const onAbort = () => fail(cancelledError(options));
  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([run(controller.signal), failure.promise]);
  } catch (error) {
    // A callee that noticed our signal first reports it in its own words; the reason is ours.
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', onAbort);
  }
}

/** How one call of a far side is carried out. */
export interface CallWithinOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs: number;
  readonly providerId: string;
  readonly operation: string;
  /** What is thrown in place of a deadline that passed. */
  readonly lateError: () => Error;
}

/** As {@link withDeadline}, for calls whose missing answer is a failure like others, which may be worth another call. A late answer finds nobody. */
export async function callWithin<Result>(
  { lateError, ...options }: CallWithinOptions,
  call: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  try {
    return await withDeadline(options, call);
  } catch (error) {
    throw SandboxError.isInstance(error) && error.code === 'DEADLINE_EXCEEDED' ? lateError() : error;
  }
}

/** @throws SandboxError `CANCELLED` when the signal has fired already. */
export function throwIfCancelled(options: Pick<DeadlineOptions, 'signal' | 'providerId' | 'operation'>): void {
  if (options.signal?.aborted === true) throw cancelledError(options);
}

function cancelledError(options: Pick<DeadlineOptions, 'signal' | 'providerId' | 'operation'>): SandboxError {
  return new SandboxError('CANCELLED', `The call was withdrawn by its caller (${options.operation}).`, {
    providerId: options.providerId,
    operation: options.operation,
    suggestion: 'Nothing was run; call again when it is wanted.',
    cause: options.signal?.reason,
  });
}

function deadlineError(options: DeadlineOptions): SandboxError {
  return new SandboxError('DEADLINE_EXCEEDED', `No answer within ${options.timeoutMs} ms (${options.operation}).`, {
    providerId: options.providerId,
    operation: options.operation,
    suggestion: options.suggestion ?? 'Check that the far side is up and not overloaded.',
  });
}
