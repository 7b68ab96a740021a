import { isPassing as isPassingAnywhere, retrySafely as retry, type RemoteFailure, type RetryOptions } from '@sandport/provider-kit';

/** Repeats a call that may be carried out more than once. Both planes use it; neither repeats anything else. */
export function retrySafely<Result>(call: (attempt: number) => Promise<Result>, options: RetryOptions = {}): Promise<Result> {
  return retry(call, { isWorth: isPassing, ...options });
}

/** Whether the same call may succeed soon, without anybody changing anything. */
export function isPassing(failure: RemoteFailure): boolean {
  return failure.facts.code?.startsWith('Throttling') === true || isPassingAnywhere(failure);
}
