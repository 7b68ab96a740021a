import type { ExecutionContext } from './execution-context.ts';
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
  /** As {@link ExecutionRequestInput.maxWaitMs}. */
  readonly maxWaitMs?: number | undefined;
  /** Time without a call after which the sandbox ends by itself, in milliseconds. A call that runs is no idle time. @default the provider's configuration */
  readonly idleTimeoutMs?: number | undefined;
  /**
   * Time from its creation after which the sandbox ends by itself, in milliseconds; {@link Sandbox.extend} puts it off. A call that runs then settles as
   * `killed`, or throws `SANDBOX_CLOSED` or `PROVIDER_UNAVAILABLE`. @default the provider's configuration
   */
  readonly lifetimeMs?: number | undefined;
  /**
   * The sandbox outlives this process and its connection, until a time limit of its own ends it, and {@link SandboxProvider.connectSandbox} finds it by
   * its id. A sandbox that is not reconnectable ends with the connection of its maker. @default false
   */
  readonly reconnectable?: boolean | undefined;
}

/** What a file of a sandbox can be written from: all of it, or pieces as they come. */
export type FileContent = Uint8Array | string | AsyncIterable<Uint8Array>;

/**
 * One isolated place. It serves one tenant only and is thrown away after use. Calls of one sandbox are carried out one after the other, in the order in
 * which they were made.
 *
 * An implementer guarantees: user code is started at most once per `execute`; the verdict rests on facts that user code cannot
 * forge; the deadline is kept from outside; `destroy` ends everything that user code started.
 */
export interface Sandbox extends AsyncDisposable {
  /** The provider's own name for it, for logs and for {@link SandboxProvider.connectSandbox}. */
  readonly id: string;
  readonly language: Language;
  /** When it will end by itself at the latest, in milliseconds since the epoch; `null` where the provider keeps no lifetimes. */
  readonly expiresAtMs: number | null;

  /**
   * Runs a program and says what it did. Where `executionsPerSandbox` is `many`, the next call finds the files that this one left; processes that it
   * left are ended with it, and artifacts, also omitted ones, are those that the call itself made or changed. A signal that fires while artifacts are
   * brought back makes the result `cancelled`.
   *
   * @throws SandboxError
   *   `REQUEST_INVALID`, `LANGUAGE_UNSUPPORTED`, `CAPABILITY_UNSUPPORTED` before anything is started;
   *   `SANDBOX_CLOSED` after its end, or a second time where `executionsPerSandbox` is `one`;
   *   `CANCELLED` when the signal fired before the program started;
   *   `PROVIDER_UNAVAILABLE`, `RESPONSE_INVALID`, `DEADLINE_EXCEEDED` when the far side failed: then it is unknown how far the
   *   program came, and it is not started again.
   */
  execute(request: ExecutionRequestInput | ExecutionRequest, options?: CallOptions): Promise<ExecutionResult>;

  /**
   * Starts an interpreter of the sandbox's language that keeps its variables from call to call.
   *
   * @throws SandboxError `CAPABILITY_UNSUPPORTED`, `CAPACITY_EXHAUSTED` (at most 8 at a time), `SANDBOX_CLOSED`, `PROVIDER_UNAVAILABLE`, `CANCELLED`.
   */
  createContext(options?: CallOptions): Promise<ExecutionContext>;

  /**
   * A context by its id, for example after a reconnection. No I/O: whether it still lives shows in its first call.
   *
   * @throws SandboxError `CAPABILITY_UNSUPPORTED`, `REQUEST_INVALID` (no id of a context).
   */
  context(id: string): ExecutionContext;

  /**
   * Writes a file below the work folder, with the folders that lead to it, through no link and into nothing but a regular file. A stream is read as fast
   * as the sandbox takes it, and let go of when the call ends before it does; when it fails, the file is left as far as it came and the call fails with
   * what the stream threw.
   *
   * @throws SandboxError `REQUEST_INVALID` (path, size, no room, a piece that is no bytes), `SANDBOX_CLOSED`, `CAPABILITY_UNSUPPORTED`, `PROVIDER_UNAVAILABLE`.
   */
  writeFile(path: string, content: FileContent, options?: CallOptions): Promise<void>;

  /**
   * Reads a regular file below the work folder. Links are not followed.
   *
   * @throws SandboxError `FILE_NOT_FOUND`, `REQUEST_INVALID`, `SANDBOX_CLOSED`, `CAPABILITY_UNSUPPORTED`, `PROVIDER_UNAVAILABLE`.
   */
  readFile(path: string, options?: CallOptions): Promise<Uint8Array>;

  /**
   * As {@link Sandbox.readFile}, in pieces, for files that need not fit in memory here. Other calls of the sandbox wait until the stream is read or
   * let go of. The errors are those of `readFile`, thrown by the first step of the iteration.
   */
  readFileStream(path: string, options?: CallOptions): AsyncIterable<Uint8Array>;

  /**
   * Puts the end of the sandbox off: it now ends `lifetimeMs` from now.
   *
   * @throws SandboxError `REQUEST_INVALID`, `CAPABILITY_UNSUPPORTED`, `SANDBOX_CLOSED`, `PROVIDER_UNAVAILABLE`.
   */
  extend(lifetimeMs: number, options?: CallOptions): Promise<void>;

  /**
   * Ends it and everything in it. Idempotent, also while `execute` runs: that call is then settled. It does nothing for a former holder, whose sandbox
   * somebody else has taken over.
   */
  destroy(options?: CallOptions): Promise<void>;
}
