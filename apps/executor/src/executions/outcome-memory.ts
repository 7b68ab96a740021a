import { createHash } from 'node:crypto';
import { SandboxError, type ExecutionRequest, type ExecutionResult } from '@sandport/core';

/** Bounds of what is remembered. */
export interface OutcomeMemoryOptions {
  readonly windowMs: number;
  readonly maxBytes: number;
  readonly nowMs?: () => number;
}

interface Entry {
  readonly requestDigest: string;
  readonly outcome: Promise<ExecutionResult>;
  readonly madeAtMs: number;
  /** Of the outcome as text; what is not known yet counts for nothing. */
  bytes: number;
  isSettled: boolean;
}

/**
 * Remembers, in memory, what came of calls with a key: the first one runs, and all that come with its key get its outcome. What ended before its program was started is forgotten at once: nothing
 * stands in the way of another try.
 */
export class OutcomeMemory {
  readonly #options: OutcomeMemoryOptions;
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor(options: OutcomeMemoryOptions) {
    this.#options = options;
  }

  /**
   * Runs the first call with a key, or gives the outcome of that.
   *
   * @throws SandboxError `IDEMPOTENCY_KEY_REUSED` for another request; what the first call threw.
   */
  async once(
    key: string,
    request: ExecutionRequest,
    run: () => Promise<ExecutionResult>,
  ): Promise<{ readonly result: ExecutionResult; readonly isReplayed: boolean }> {
    this.#forgetOld();
    const keyDigest = digestOf([request.tenant, key]);
    const requestDigest = digestOfRequest(request);
    const known = this.#entries.get(keyDigest);
    if (known === undefined) return { result: await this.#first(keyDigest, requestDigest, run), isReplayed: false };
    if (known.requestDigest !== requestDigest) {
      throw new SandboxError('IDEMPOTENCY_KEY_REUSED', 'The idempotency key belongs to another request.', {
        suggestion: 'Use a new key for a new request.',
      });
    }
    return { result: await known.outcome, isReplayed: true };
  }

  async #first(keyDigest: string, requestDigest: string, run: () => Promise<ExecutionResult>): Promise<ExecutionResult> {
    const outcome = run();
    const entry: Entry = { requestDigest, outcome, madeAtMs: this.#nowMs(), bytes: 0, isSettled: false };
    this.#entries.set(keyDigest, entry);
    try {
      const result = await outcome;
      entry.isSettled = true;
      entry.bytes = sizeOf(result);
      this.#bytes += entry.bytes;
      this.#forgetOld();
      return result;
    } catch (error) {
      if (isBeforeStart(error)) this.#entries.delete(keyDigest);
      entry.isSettled = true;
      throw error;
    }
  }

  /** The map is in the order of making: the oldest come first. */
  #forgetOld(): void {
    const { windowMs, maxBytes } = this.#options;
    for (const [key, entry] of this.#entries) {
      const isOld = this.#nowMs() - entry.madeAtMs > windowMs;
      if (!isOld && this.#bytes <= maxBytes && this.#entries.size <= MAX_ENTRIES) return;
      if (!entry.isSettled) continue;
      this.#entries.delete(key);
      this.#bytes -= entry.bytes;
    }
  }

  #nowMs(): number {
    return this.#options.nowMs?.() ?? performance.now();
  }
}

const MAX_ENTRIES = 100_000;

/** Failures after which it is certain that no program was started. */
const BEFORE_START: ReadonlySet<string> = new Set([
  'CAPACITY_EXHAUSTED',
  'RATE_LIMITED',
  'CANCELLED',
  'REQUEST_INVALID',
  'POLICY_VIOLATED',
  'CAPABILITY_UNSUPPORTED',
  'LANGUAGE_UNSUPPORTED',
  'ISOLATION_MISMATCH',
  'RUNTIME_MISSING',
]);

function isBeforeStart(error: unknown): boolean {
  return SandboxError.isInstance(error) && BEFORE_START.has(error.code);
}

function digestOfRequest(request: ExecutionRequest): string {
  const { onOutput: _, stdin, files, ...rest } = request;
  const bytesOf = (content: unknown): string => (content instanceof Uint8Array ? digestOf([content]) : 'stream');
  return digestOf([JSON.stringify(rest), bytesOf(stdin), ...[...files].flatMap(([path, content]) => [path, bytesOf(content)])]);
}

function digestOf(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex');
}

function sizeOf(result: ExecutionResult): number {
  return (
    result.stdout.length +
    result.stderr.length +
    result.artifacts.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) +
    ('valueJson' in result ? (result.valueJson?.length ?? 0) : 0) +
    ENTRY_BYTES
  );
}

/** What an entry takes besides. */
const ENTRY_BYTES = 2048;
