// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';
import { DeadlineError } from './errors.mjs';

/**
 * Runs `work` with a signal that fires at the deadline or when the caller's own signal does.
 *
 * `AbortSignal.timeout` is not used because its timer does not keep the process alive: a caller that waits
 * for nothing else would simply end in the middle.
 *
 * @template T
 * @param {{ what: string, timeoutMs: number, signal?: AbortSignal | undefined }} limits
 * @param {(signal: AbortSignal) => Promise<T>} work must settle soon after its signal fires
 * @returns {Promise<T>}
 */
export async function withDeadline({ what, timeoutMs, signal }, work) {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new DeadlineError(what, timeoutMs)), timeoutMs);
  const onAbort = () => controller.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await work(controller.signal);
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

/**
 * For a promise that cannot be told to stop: gives up waiting for it when the signal fires.
 *
 * @template T
 * @param {Promise<T>} promise
 * @param {AbortSignal} signal
 * @returns {Promise<T>}
 */
export function untilAborted(promise, signal) {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/**
 * Asks again and again until the answer is true.
 *
 * @param {() => boolean | Promise<boolean>} condition
 * @param {{ timeoutMs: number, intervalMs: number, signal?: AbortSignal | undefined }} limits
 * @returns {Promise<boolean>} false when time ran out first
 */
export async function waitFor(condition, { timeoutMs, intervalMs, signal }) {
  const endsAt = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() >= endsAt) return false;
    await sleep(intervalMs, undefined, { signal });
  }
  return true;
}
