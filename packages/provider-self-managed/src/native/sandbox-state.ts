import type { SandboxError } from '@sandport/core';
import { closedError, selfManagedError } from '../self-managed-errors.ts';

/** How a sandbox came to its end, as far as is known here. */
export type SandboxEnd =
  /** Destroyed here, closed with its provider, or ended by the executor. */
  | { readonly kind: 'ended' }
  /** What it lived by broke, so that it ends. */
  | { readonly kind: 'lost'; readonly cause: unknown };

/** Whether a sandbox is open, and who wants to know when it is not any more. */
export class SandboxState {
  readonly #listeners = new Set<() => void>();
  #end: SandboxEnd | undefined;

  get isOpen(): boolean {
    return this.#end === undefined;
  }

  /** Only the first end counts. */
  end(end: SandboxEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    for (const listener of [...this.#listeners]) listener();
    this.#listeners.clear();
  }

  /** Calls back at the end, at once where that was; the returned function takes it back. */
  whenOver(listener: () => void): () => void {
    if (this.#end !== undefined) listener();
    else this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** @throws SandboxError `SANDBOX_CLOSED` after its end. */
  checkOpen(operation: string): void {
    if (this.#end !== undefined) throw closedError(operation, this.#end.kind === 'lost' ? this.#end.cause : undefined);
  }

  /** What a call is told that ran when the sandbox ended; nothing while it is open. */
  errorOfRunning(operation: string): SandboxError | undefined {
    if (this.#end?.kind !== 'lost') return this.#end === undefined ? undefined : closedError(operation);
    return selfManagedError(
      'PROVIDER_UNAVAILABLE',
      operation,
      'The connection by which the sandbox lived was lost; how far its program came is unknown.',
      {
        suggestion: 'Look at the way to the executor. Run the program again only if it may run twice.',
        cause: this.#end.cause,
      },
    );
  }
}
