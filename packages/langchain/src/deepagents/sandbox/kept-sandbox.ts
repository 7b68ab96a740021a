import { SandboxError, type CallOptions, type ExecutionRequestInput, type ExecutionResult, type Sandbox } from '@sandport/core';
import type { CheckedBackendOptions } from '../backend-options.ts';

/** Codes by which a call says that its sandbox is no more. */
const ENDED_CODES: ReadonlySet<string> = new Set(['SANDBOX_CLOSED', 'SANDBOX_NOT_FOUND']);

/** Time for ending a sandbox, in milliseconds. */
const END_MS = 15_000;

/** Whether an error says that the sandbox has ended. */
export function saysEnded(error: SandboxError): boolean {
  return ENDED_CODES.has(error.code);
}

/**
 * The one sandbox of a backend, which is replaced when it has ended. No program is run twice: the call that finds it ended throws, and the next one gets another.
 */
export class KeptSandbox {
  readonly #options: CheckedBackendOptions;
  #sandbox: Promise<Sandbox> | undefined;
  readonly #ending = new AbortController();
  #workFolder = '';

  constructor(options: CheckedBackendOptions) {
    this.#options = options;
  }

  /** Absolute path of the folder in which commands begin; that of the first sandbox until there is another. */
  get workFolder(): string {
    return this.#workFolder;
  }

  get isClosed(): boolean {
    return this.#ending.signal.aborted;
  }

  /** Makes the first sandbox: nobody else waits for it, so that it is given up with the call. @throws SandboxError what the provider throws; `CANCELLED`. */
  async start({ signal }: CallOptions): Promise<void> {
    if (signal?.aborted === true) throw cancelledError(signal);
    this.#sandbox = this.#make(signal === undefined ? [] : [signal]);
    await this.#sandbox;
  }

  /** Runs a program in it, or in another where it has ended. @throws SandboxError as a sandbox does. */
  async execute(request: ExecutionRequestInput, call: CallOptions): Promise<ExecutionResult> {
    if (call.signal?.aborted === true) throw cancelledError(call.signal);
    if (this.isClosed) throw closedError();
    this.#sandbox ??= this.#make([]);
    const kept = this.#sandbox;
    // Whoever else waits for it still wants it when this caller goes away.
    const sandbox = await unlessAborted(kept, call.signal);
    try {
      return await sandbox.execute(request, call);
    } catch (error) {
      if (SandboxError.isInstance(error) && saysEnded(error) && this.#sandbox === kept) {
        this.#sandbox = undefined;
        await this.#endOrTell(sandbox);
      }
      throw error;
    }
  }

  /** Ends it, and what runs in it. Idempotent. @throws SandboxError what the provider throws. */
  async close(): Promise<void> {
    this.#ending.abort();
    const kept = this.#sandbox;
    this.#sandbox = undefined;
    if (kept === undefined) return;
    const [made] = await Promise.allSettled([kept]);
    if (made.status === 'fulfilled') await end(made.value);
  }

  #make(signals: readonly AbortSignal[]): Promise<Sandbox> {
    const making = this.#create({ signal: AbortSignal.any([this.#ending.signal, ...signals]) });
    // The next call tries again.
    making.catch(() => {
      if (this.#sandbox === making) this.#sandbox = undefined;
    });
    return making;
  }

  async #create(call: CallOptions): Promise<Sandbox> {
    const { runner, sandbox: options, timeoutMs } = this.#options;
    const sandbox = await runner.createSandbox(options, call);
    try {
      const result = await sandbox.execute(
        { code: 'import os\ndef main():\n    return os.getcwd()\n', language: 'python', limits: { timeoutMs, artifactCount: 0 } },
        call,
      );
      if (call.signal?.aborted === true) throw cancelledError(call.signal);
      if (result.status !== 'completed' || typeof result.value !== 'string' || !result.value.startsWith('/')) {
        throw new SandboxError('RESPONSE_INVALID', `The sandbox did not say where its work folder is: ${result.status}.`, {
          operation: 'createSandboxBackend',
          suggestion: 'Check the health of the provider: it runs something that is no sandbox of ours.',
        });
      }
      this.#workFolder = result.value;
      return sandbox;
    } catch (error) {
      await this.#endOrTell(sandbox);
      throw error;
    }
  }

  /** What is thrown already says more than that its sandbox could not be ended. */
  async #endOrTell(sandbox: Sandbox): Promise<void> {
    const [ended] = await Promise.allSettled([end(sandbox)]);
    if (ended.status === 'rejected' && SandboxError.isInstance(ended.reason)) this.#options.onFailure(ended.reason);
  }
}

function end(sandbox: Sandbox): Promise<void> {
  return sandbox.destroy({ signal: AbortSignal.timeout(END_MS) });
}

async function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return promise;
  if (signal.aborted) throw cancelledError(signal);
  const over = new AbortController();
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(cancelledError(signal)), { once: true, signal: over.signal });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    over.abort();
  }
}

function cancelledError(signal: AbortSignal): SandboxError {
  return new SandboxError('CANCELLED', 'The call was withdrawn before its program started.', {
    operation: 'execute',
    suggestion: 'Nothing was run; call again when it is wanted.',
    cause: signal.reason,
  });
}

function closedError(): SandboxError {
  return new SandboxError('SANDBOX_CLOSED', 'The backend was closed.', {
    operation: 'execute',
    suggestion: 'Make another backend; a closed one takes no more calls.',
  });
}
