// @ts-check
import { SandboxError } from '@sandport/core';
import { setTimeout as delay } from 'node:timers/promises';

/** @import { CreateSandboxOptions, ExecutionRequestInput, SandboxProvider } from '@sandport/core' */

/**
 * What became of a call. Only `unsettled` is a fault in itself.
 *
 * @typedef {{ kind: 'result', status: string, value: unknown, stdout: string, elapsedMs: number }
 *   | { kind: 'error', code: string, error: unknown, retryAfterMs: number | undefined, elapsedMs: number }
 *   | { kind: 'unsettled', elapsedMs: number }} Outcome
 */

/** Remembers how often each program was seen to start. */
export class Ledger {
  /** @type {Map<string, number>} */
  #starts = new Map();

  /**
   * Notes what a program wrote: it writes `started <id>` as its first line, once.
   *
   * @param {string} text
   */
  note(text) {
    for (const [, id = ''] of text.matchAll(/started ([\w-]+)\n/g)) this.#starts.set(id, (this.#starts.get(id) ?? 0) + 1);
  }

  /** @param {string} id */
  hasStarted(id) {
    return this.#starts.has(id);
  }

  get started() {
    return this.#starts.size;
  }

  /** Programs that ran more than once. */
  get repeated() {
    return [...this.#starts].filter(([, starts]) => starts > 1).map(([id]) => id);
  }
}

/** How long after a call's own deadlines it may at most take to settle. */
const SETTLE_GRACE_MS = 15_000;

/**
 * Creates a sandbox, runs one program in it, destroys it, and says what became of that. It never rejects and it always ends.
 *
 * @param {SandboxProvider} provider
 * @param {ExecutionRequestInput} request
 * @param {{ tenant?: string, maxWaitMs?: number, deadlineMs?: number, onSandbox?: (id: string) => void }} [options]
 * @returns {Promise<Outcome>}
 */
export async function settleCall(provider, request, { tenant, maxWaitMs = 30_000, deadlineMs, onSandbox } = {}) {
  const startedAt = performance.now();
  const timeoutMs = request.limits?.timeoutMs ?? 30_000;
  const giveUp = new AbortController();
  /** @type {Promise<Outcome>} */
  const late = delay(deadlineMs ?? maxWaitMs + timeoutMs + SETTLE_GRACE_MS, undefined, { signal: giveUp.signal }).then(
    () => ({ kind: 'unsettled', elapsedMs: performance.now() - startedAt }),
    () => ({ kind: 'unsettled', elapsedMs: performance.now() - startedAt }),
  );
  try {
    return await Promise.race([call(provider, request, { language: languageOf(request), tenant, maxWaitMs }, startedAt, onSandbox), late]);
  } finally {
    giveUp.abort();
  }
}

/**
 * @param {SandboxProvider} provider
 * @param {ExecutionRequestInput} request
 * @param {CreateSandboxOptions} options
 * @param {number} startedAt
 * @param {((id: string) => void) | undefined} onSandbox
 * @returns {Promise<Outcome>}
 */
async function call(provider, request, options, startedAt, onSandbox) {
  try {
    const sandbox = await provider.createSandbox(options);
    try {
      onSandbox?.(sandbox.id);
      const result = await sandbox.execute(request);
      const value = result.status === 'completed' ? result.value : undefined;
      return { kind: 'result', status: result.status, value, stdout: result.stdout, elapsedMs: performance.now() - startedAt };
    } finally {
      await sandbox.destroy();
    }
  } catch (error) {
    const known = SandboxError.isInstance(error) ? error : undefined;
    const elapsedMs = performance.now() - startedAt;
    return { kind: 'error', code: known?.code ?? 'NOT_A_SANDBOX_ERROR', retryAfterMs: known?.retryAfterMs, error, elapsedMs };
  }
}

/**
 * @param {ExecutionRequestInput} request
 * @returns {'python' | 'javascript'}
 */
function languageOf({ language }) {
  return language === 'javascript' ? 'javascript' : 'python';
}

/**
 * Counts outcomes by what they are.
 *
 * @param {readonly Outcome[]} outcomes
 * @returns {Record<string, number>}
 */
export function tally(outcomes) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const outcome of outcomes) {
    const name = outcome.kind === 'result' ? outcome.status : outcome.kind === 'error' ? outcome.code : 'unsettled';
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
