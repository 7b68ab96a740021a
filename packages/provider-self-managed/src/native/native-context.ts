import type { CallOptions, ContextRequestInput, ExecutionContext, ExecutionResult } from '@sandport/core';
import type { SandboxLine } from './sandbox-line.ts';
import type { SandboxState } from './sandbox-state.ts';

/** What a context needs of its sandbox. */
export interface ContextHost {
  readonly line: SandboxLine;
  readonly state: SandboxState;
  readonly execute: (request: ContextRequestInput, options: CallOptions) => Promise<ExecutionResult>;
}

/** An interpreter in a sandbox of an executor. */
export class NativeContext implements ExecutionContext {
  readonly id: string;
  readonly #host: ContextHost;

  constructor(id: string, host: ContextHost) {
    this.id = id;
    this.#host = host;
  }

  async execute(request: ContextRequestInput, options: CallOptions = {}): Promise<ExecutionResult> {
    return this.#host.execute(request, options);
  }

  /** Goes past the calls that wait: it is for the one that runs. */
  async interrupt({ signal }: CallOptions = {}): Promise<void> {
    this.#host.state.checkOpen('interrupt');
    await this.#host.line.call(
      { action: 'interrupt', method: 'POST', route: 'contextInterrupt', parameters: { context: this.id } },
      { signal, isSafe: false },
    );
  }

  /** A cell that runs is not waited for. */
  async destroy({ signal }: CallOptions = {}): Promise<void> {
    if (!this.#host.state.isOpen) return;
    await this.#host.line.call(
      { action: 'destroy context', method: 'DELETE', route: 'context', parameters: { context: this.id } },
      { signal, isSafe: true },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.destroy();
  }
}
