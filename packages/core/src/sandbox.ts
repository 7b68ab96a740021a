import type { ExecutionRequest, ExecutionRequestInput, NetworkPolicy } from './execution/execution-request.ts';
import type { SandboxLimits } from './execution/execution-limits.ts';
import type { ExecutionResult } from './execution/execution-result.ts';
import type { Language } from './language.ts';

/** Options of every call that leaves the process. */
export interface CallOptions {
  /** Aborting settles the call within a second, whatever the far side does, and leaves nothing behind. */
  readonly signal?: AbortSignal | undefined;
}

/** What is fixed when a sandbox is created. */
export interface CreateSandboxOptions {
  readonly language: Language;
  /** @default {} (the provider's configured defaults) */
  readonly limits?: SandboxLimits | undefined;
  /** @default 'none' */
  readonly network?: NetworkPolicy | undefined;
  /** @default 'default' */
  readonly tenant?: string | undefined;
}

/**
 * One isolated place. It serves one tenant only and is thrown away after use.
 *
 * An implementer guarantees: user code is started at most once per `execute`; the verdict rests on facts that user code cannot
 * forge; the deadline is kept from outside; `destroy` ends everything that user code started.
 */
export interface Sandbox extends AsyncDisposable {
  /** The provider's own name for it, for logs. */
  readonly id: string;
  readonly language: Language;

  /**
   * Runs a program and says what it did.
   *
   * @throws SandboxError
   *   `REQUEST_INVALID`, `LANGUAGE_UNSUPPORTED`, `CAPABILITY_UNSUPPORTED` before anything is started;
   *   `SANDBOX_CLOSED` after `destroy`, or a second time where `executionsPerSandbox` is `one`;
   *   `CANCELLED` when the signal fired before the program started;
   *   `PROVIDER_UNAVAILABLE`, `RESPONSE_INVALID`, `DEADLINE_EXCEEDED` when the far side failed: then it is unknown how far the
   *   program came, and it is not started again.
   */
  execute(request: ExecutionRequestInput | ExecutionRequest, options?: CallOptions): Promise<ExecutionResult>;

  /**
   * Writes a file below the work folder, with the folders that lead to it.
   *
   * @throws SandboxError `REQUEST_INVALID` (path, size), `SANDBOX_CLOSED`, `CAPABILITY_UNSUPPORTED`, `PROVIDER_UNAVAILABLE`.
   */
  writeFile(path: string, content: Uint8Array | string, options?: CallOptions): Promise<void>;

  /**
   * Reads a regular file below the work folder. Links are not followed.
   *
   * @throws SandboxError `FILE_NOT_FOUND`, `REQUEST_INVALID`, `SANDBOX_CLOSED`, `CAPABILITY_UNSUPPORTED`, `PROVIDER_UNAVAILABLE`.
   */
  readFile(path: string, options?: CallOptions): Promise<Uint8Array>;

  /** Ends it and everything in it. Idempotent, also while `execute` runs: that call is then settled. */
  destroy(options?: CallOptions): Promise<void>;
}
