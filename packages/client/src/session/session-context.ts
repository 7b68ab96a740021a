import type { CallOptions, ContextRequestInput, ExecutionContext, ExecutionResult } from '@sandport/core';
import { leavesDoubt } from './result-doubt.ts';
import type { SharedSession } from './shared-session.ts';

/**
 * A context of a session's sandbox. Its calls wait for their turn in the session. It lives in one sandbox: when the session has got another one, its calls throw
 * `CONTEXT_CLOSED`.
 */
export class SessionContext implements ExecutionContext {
  readonly id: string;
  readonly #session: SharedSession;

  constructor(id: string, session: SharedSession) {
    this.id = id;
    this.#session = session;
  }

  execute(request: ContextRequestInput, options: CallOptions = {}): Promise<ExecutionResult> {
    return this.#session.use({ operation: 'execute', executes: true }, options, async (sandbox) => {
      const result = await sandbox.context(this.id).execute(request, options);
      if (leavesDoubt(result)) this.#session.doubt();
      return result;
    });
  }

  /** Waits for no turn: it is for the cell that runs. */
  async interrupt(options: CallOptions = {}): Promise<void> {
    await this.#session.current?.context(this.id).interrupt(options);
  }

  /** Waits for no turn where the session has its sandbox: a cell that runs is ended. */
  async destroy(options: CallOptions = {}): Promise<void> {
    const { current } = this.#session;
    if (current !== undefined) return current.context(this.id).destroy(options);
    await this.#session.use({ operation: 'destroyContext' }, options, (sandbox) => sandbox.context(this.id).destroy(options));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.destroy();
  }
}
