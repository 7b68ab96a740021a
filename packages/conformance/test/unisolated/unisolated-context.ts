import { SandboxError, type CallOptions, type ContextRequestInput, type ExecutionContext, type ExecutionResult } from '@sandport/core';
import type { UnisolatedSandbox } from './unisolated-sandbox.ts';

const NOT_OF_A_CELL = ['language', 'tenant', 'network', 'maxWaitMs', 'stdin'];

/** The handle of one context. */
export class UnisolatedContext implements ExecutionContext {
  readonly id: string;
  readonly #sandbox: UnisolatedSandbox;

  constructor(id: string, sandbox: UnisolatedSandbox) {
    this.id = id;
    this.#sandbox = sandbox;
  }

  async execute(request: ContextRequestInput, call: CallOptions = {}): Promise<ExecutionResult> {
    const foreign = NOT_OF_A_CELL.find((name) => Object.hasOwn(request, name));
    if (foreign !== undefined && this.#sandbox.checksFieldsOfCells) {
      throw new SandboxError('REQUEST_INVALID', `${foreign}: is not said of a call within a context.`, { details: { field: foreign } });
    }
    return this.#sandbox.executeCell(this.id, { ...request, language: this.#sandbox.language }, call);
  }

  async interrupt(): Promise<void> {
    this.#sandbox.expectHolder().contexts.interrupt(this.id);
  }

  async destroy(): Promise<void> {
    if (this.#sandbox.isHeld) await this.#sandbox.expectHolder().contexts.end(this.id);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.destroy();
  }
}
