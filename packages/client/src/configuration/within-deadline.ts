/** How {@link withinDeadline} ends the waiting. */
export interface DeadlineOptions {
  /** Milliseconds from now. */
  readonly timeoutMs: number;
  /** Nobody waits for the outcome, so that the process may end meanwhile. @default false */
  readonly isBackground?: boolean;
  /** Ends the waiting early, with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** What is thrown at the deadline. */
  readonly onTimeout: () => Error;
}

/**
 * Asks something that may never answer, nor look at its signal. The signal that it gets fires at the deadline, and when the caller's own does; what it answers
 * after that is not looked at.
 */
export async function withinDeadline<Value>(options: DeadlineOptions, ask: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(options.onTimeout()), options.timeoutMs);
  if (options.isBackground === true) timer.unref();
  const onAbort = (): void => controller.abort(options.signal?.reason);
  options.signal?.addEventListener('abort', onAbort, { once: true });
  if (options.signal?.aborted === true) onAbort();
  try {
    return await untilAborted(ask(controller.signal), controller.signal, (reason) => reason);
  } catch (error) {
    // One who noticed the signal first says so in his own words; the reason is ours.
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', onAbort);
  }
}

/**
 * Waits for something that goes on without its caller when the signal fires.
 *
 * @param failureOf What is thrown then, made from the signal's reason.
 */
export async function untilAborted<Value>(
  promise: Promise<Value>,
  signal: AbortSignal | undefined,
  failureOf: (reason: unknown) => unknown,
): Promise<Value> {
  if (signal === undefined) return promise;
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(failureOf(signal.reason));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Waits until a promise is settled, whatever came of it, and no longer than this. */
export async function settleWithin(promise: Promise<unknown>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([Promise.allSettled([promise]), late]);
  clearTimeout(timer);
}
