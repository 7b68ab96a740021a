import type { FakeE2b } from '@sandport/fakes';

export interface Connection {
  readonly apiUrl: string;
  readonly sandboxUrl: string;
  readonly apiKey: string;
  readonly requestTimeoutMs: number;
}

/** A call that hangs without being meant to must not outlast its test. */
const REQUEST_MS = 20_000;

/** What the SDK needs, call by call, to find a fake in place of the service. */
export const connectionTo = ({ url, apiKey }: Pick<FakeE2b, 'url' | 'apiKey'>): Connection => ({
  apiUrl: url,
  sandboxUrl: url,
  apiKey,
  requestTimeoutMs: REQUEST_MS,
});

/** What a promise fails with; fails itself when it does not. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in outcome && outcome.error instanceof Error) return outcome.error;
  throw new Error(`It did not fail: ${JSON.stringify(outcome)}`);
}

/** Whether a promise is still open when others had this long to settle it. */
export async function isOpenAfter(promise: Promise<unknown>, delayMs: number): Promise<boolean> {
  const settled = promise.then(
    () => false,
    () => false,
  );
  return Promise.race([settled, new Promise<boolean>((resolve) => setTimeout(resolve, delayMs, true))]);
}
