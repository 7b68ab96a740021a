import type { CallOptions, ContextRequestInput, ExecutionContext, ExecutionResult } from '@sandport/core';
import type { ProviderTerms } from '../provider-terms.ts';
import { exchange } from '../supervisor/conversation.ts';
import { FRAME, type Frame } from '../supervisor/frame-codec.ts';
import type { SupervisorConnection } from '../supervisor/supervisor-connection.ts';
import { contextFrame, contextSchema, interruptFrame, killFrame } from '../supervisor/supervisor-messages.ts';

/** What a context needs of its sandbox. */
export interface ContextHost {
  readonly connection: SupervisorConnection;
  readonly execute: (request: ContextRequestInput, options: CallOptions) => Promise<ExecutionResult>;
  /** Has a conversation when its turn has come. */
  readonly pass: <Result>(operation: string, options: CallOptions, converse: () => Promise<Result>) => Promise<Result>;
  readonly isOpen: () => boolean;
}

/** An interpreter in a sandbox, which keeps its variables from call to call. */
export class SupervisedContext implements ExecutionContext {
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
  async interrupt(): Promise<void> {
    if (!this.#host.isOpen()) {
      throw this.#host.connection.terms.error('SANDBOX_CLOSED', 'interrupt', 'The sandbox has ended.', {
        suggestion: 'Create another sandbox.',
      });
    }
    this.#host.connection.send([interruptFrame(this.id)]);
  }

  async destroy(options: CallOptions = {}): Promise<void> {
    if (!this.#host.isOpen()) return;
    // A cell that runs is not waited for.
    this.#host.connection.send([killFrame(this.id)]);
    await this.#host.pass('destroy context', options, () =>
      exchange(this.#host.connection, {
        operation: 'destroy context',
        signal: options.signal,
        frames: [contextFrame(FRAME.closeContext, this.id)],
        read: (frame) => readAnswer(this.#host.connection.terms, frame, this.id),
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.destroy();
  }
}

/** Starts an interpreter and waits until it can take a cell. */
export async function openContext(connection: SupervisorConnection, id: string, { signal }: CallOptions): Promise<void> {
  await exchange(connection, {
    operation: 'create context',
    signal,
    frames: [contextFrame(FRAME.openContext, id)],
    read: (frame) => readAnswer(connection.terms, frame, id),
  });
}

function readAnswer(terms: ProviderTerms, frame: Frame, id: string): true | undefined {
  if (frame.type !== FRAME.context) return undefined;
  const answer = contextSchema.parse(JSON.parse(frame.payload.toString('utf8')));
  if (answer.id !== id) return undefined;
  if (answer.failure === null) return true;
  if (answer.failure === 'too-many') {
    throw terms.error('CAPACITY_EXHAUSTED', 'create context', 'The sandbox has as many contexts as it can have.', {
      suggestion: 'Destroy one of them, or create another sandbox.',
    });
  }
  throw terms.error('PROVIDER_UNAVAILABLE', 'create context', 'The interpreter of the context ended before it was ready.', {
    suggestion: 'Ask for more memory or processes, or destroy other contexts.',
  });
}
