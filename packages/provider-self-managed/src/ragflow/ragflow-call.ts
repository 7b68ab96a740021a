import { performance } from 'node:perf_hooks';
import type { CallOptions, ExecutionRequest, ExecutionResult, PhaseClock, SandboxError } from '@sandport/core';
import { NO_ANSWER_IN_TIME, RemoteFailure } from '@sandport/provider-kit';
import type { RagflowClient } from './ragflow-client.ts';
import { ragflowError, toRagflowError } from './ragflow-errors.ts';
import { toEndedResult, toResult, type RagflowRun } from './ragflow-result.ts';

const OPERATION = 'execute';

/** One program on its way to the far end and back. It is waited for as long as the request says, and not longer, whatever the far end does. */
export class RagflowCall {
  readonly #client: RagflowClient;
  readonly #request: ExecutionRequest;
  readonly #leaving = new AbortController();
  readonly #began = performance.now();
  #sentAt: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #settle: (result: ExecutionResult) => void = () => undefined;
  #fail: (error: unknown) => void = () => undefined;

  constructor(client: RagflowClient, request: ExecutionRequest) {
    this.#client = client;
    this.#request = request;
  }

  /**
   * Sends the program, once, and gives what became of it.
   *
   * @throws SandboxError As `Sandbox.execute`.
   */
  async settle({ signal }: CallOptions): Promise<ExecutionResult> {
    const onAbort = (): void => this.#onAbort(signal);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await new Promise<ExecutionResult>((resolve, reject) => {
        [this.#settle, this.#fail] = [resolve, reject];
        this.#timer = setTimeout(() => this.#fail(lateError()), this.#client.requestTimeoutMs);
        this.#send().then(resolve, reject);
      });
    } catch (error) {
      throw toRagflowError(error, OPERATION);
    } finally {
      signal?.removeEventListener('abort', onAbort);
      clearTimeout(this.#timer);
      this.#leaving.abort();
    }
  }

  /** The sandbox ends under the call. */
  end(error: SandboxError): void {
    this.#fail(error);
  }

  async #send(): Promise<ExecutionResult> {
    const { code, language } = this.#request;
    const program = {
      code_b64: Buffer.from(code).toString('base64'),
      language: language === 'python' ? ('python' as const) : ('nodejs' as const),
      arguments: this.#request.arguments,
    };
    const reply = await this.#client.run(program, () => this.#onSending(), this.#leaving.signal);
    return toResult(this.#run(), reply);
  }

  /** From here on the program may run; its time includes its way and its wait for a container, of which nobody tells. */
  #onSending(): void {
    this.#sentAt = performance.now();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#onTimeout(), this.#request.limits.timeoutMs);
  }

  #onTimeout(): void {
    const run = this.#run();
    const { timeoutMs } = this.#request.limits;
    // A timer may fire a fraction of a millisecond before its time.
    const elapsedMs = Math.max(timeoutMs, run.clock.runMs);
    this.#settle(toEndedResult(run, { kind: 'timer', observer: 'host', limitMs: timeoutMs, elapsedMs }));
  }

  #onAbort(signal: AbortSignal | undefined): void {
    if (this.#sentAt !== undefined) {
      this.#settle(toEndedResult(this.#run(), { kind: 'abort', observer: 'host' }));
      return;
    }
    const words = 'The call was withdrawn before anything was sent.';
    this.#fail(ragflowError('CANCELLED', OPERATION, words, { suggestion: 'Call again when it is wanted.', cause: signal?.reason }));
  }

  #run(): RagflowRun {
    return { request: this.#request, clock: this.#clock() };
  }

  #clock(): PhaseClock {
    const now = performance.now();
    const sentAt = this.#sentAt ?? now;
    return { queueMs: 0, claimMs: 0, startMs: sentAt - this.#began, runMs: now - sentAt, collectMs: 0, totalMs: now - this.#began };
  }
}

function lateError(): Error {
  return new RemoteFailure({ action: 'connect', kind: 'unreachable', code: NO_ANSWER_IN_TIME }, "RAGFlow's executor manager");
}
