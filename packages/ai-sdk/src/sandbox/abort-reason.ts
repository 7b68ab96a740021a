/**
 * What `action` gives. When it fails after its signal has fired, it fails with the reason of the signal, by which the AI SDK knows what it withdrew itself.
 */
export async function withAbortReason<Result>(signal: AbortSignal | undefined, action: () => Promise<Result>): Promise<Result> {
  signal?.throwIfAborted();
  try {
    return await action();
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
