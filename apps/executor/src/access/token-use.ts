import type { StoredToken } from './access-token.ts';

/** Why a call is not taken now, and when to come again. */
export interface UseRefusal {
  readonly reason: 'rate' | 'concurrency' | 'sandboxes';
  readonly retryAfterMs: number;
}

interface Use {
  calls: number;
  sandboxes: number;
  /** Calls that may still be made; grows with time up to a minute's worth. */
  credit: number;
  creditAtMs: number;
}

/** Counts what each token does at the moment and did in the last minute. */
export class TokenUse {
  readonly #uses = new Map<string, Use>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** Takes a call, or says when to come again. The returned function ends it. */
  begin(token: StoredToken): { readonly end: () => void } | UseRefusal {
    const use = this.#useOf(token);
    const refusal = this.#spend(token, use);
    if (refusal !== undefined) return refusal;
    if (use.calls >= token.maxConcurrency) return { reason: 'concurrency', retryAfterMs: CONCURRENCY_RETRY_MS };
    use.calls += 1;
    return { end: once(() => (use.calls -= 1)) };
  }

  /** As {@link TokenUse.begin}, for a sandbox that is kept. */
  keepSandbox(token: StoredToken): { readonly end: () => void } | UseRefusal {
    const use = this.#useOf(token);
    if (use.sandboxes >= token.maxSandboxes) return { reason: 'sandboxes', retryAfterMs: CONCURRENCY_RETRY_MS };
    use.sandboxes += 1;
    return { end: once(() => (use.sandboxes -= 1)) };
  }

  #spend({ maxCallsPerMinute }: StoredToken, use: Use): UseRefusal | undefined {
    if (maxCallsPerMinute === undefined) return undefined;
    const now = this.#nowMs();
    const perMs = maxCallsPerMinute / 60_000;
    use.credit = Math.min(maxCallsPerMinute, use.credit + (now - use.creditAtMs) * perMs);
    use.creditAtMs = now;
    if (use.credit < 1) return { reason: 'rate', retryAfterMs: Math.ceil((1 - use.credit) / perMs) };
    use.credit -= 1;
    return undefined;
  }

  #useOf({ id, maxCallsPerMinute = 0 }: StoredToken): Use {
    const known = this.#uses.get(id);
    if (known !== undefined) return known;
    const use = { calls: 0, sandboxes: 0, credit: maxCallsPerMinute, creditAtMs: this.#nowMs() };
    this.#uses.set(id, use);
    return use;
  }
}

/** Calls are short: the next turn is soon. */
const CONCURRENCY_RETRY_MS = 1000;

function once(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) action();
    isDone = true;
  };
}
