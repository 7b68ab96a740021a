import type { ExecutionRequestInput } from './execution/execution-request.ts';
import type { ExecutionResult } from './execution/execution-result.ts';
import type { CallOptions } from './sandbox.ts';

/** A call within a context: language, tenant, network and the sandbox's own limits are what they are, and standard input is at its end. */
export type ContextRequestInput = Omit<ExecutionRequestInput, 'language' | 'tenant' | 'network' | 'maxWaitMs' | 'stdin'>;

/**
 * An interpreter that keeps its variables between calls, as a notebook's does. The code of a call is a cell: it runs at the top level of the
 * context, no `main` is called, and `arguments` become variables of the context before it runs. The value of a cell is that of its last expression,
 * when it has one and JSON can carry it, else there is none; in both languages `await` may be used at the top level.
 *
 * A cell that is cancelled, runs out of time or writes too much is interrupted first (`KeyboardInterrupt` in Python); the context and its variables then live on. An
 * interpreter that does not yield within half a second, ends itself or is ended by the kernel takes its variables with it, and the next call
 * throws `CONTEXT_CLOSED`.
 */
export interface ExecutionContext extends AsyncDisposable {
  /** Unique within its sandbox. */
  readonly id: string;

  /**
   * Runs one cell.
   *
   * @throws SandboxError as {@link Sandbox.execute}, and `CONTEXT_CLOSED` when the interpreter has ended.
   */
  execute(request: ContextRequestInput, options?: CallOptions): Promise<ExecutionResult>;

  /**
   * Interrupts the cell that runs, as Ctrl-C in a terminal does; its `execute` then settles with whatever the program makes of that, by default
   * `failed` with the language's own error. Nothing happens when none runs.
   *
   * @throws SandboxError `SANDBOX_CLOSED`, `PROVIDER_UNAVAILABLE`.
   */
  interrupt(options?: CallOptions): Promise<void>;

  /** Ends the interpreter and what it started. Idempotent. */
  destroy(options?: CallOptions): Promise<void>;
}
