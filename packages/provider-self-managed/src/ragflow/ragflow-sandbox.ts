import { randomUUID } from 'node:crypto';
import {
  checkRequestAgainstCapabilities,
  lowerDefaultLimits,
  parseExecutionRequest,
  type CallOptions,
  type ExecutionContext,
  type ExecutionRequest,
  type ExecutionRequestInput,
  type ExecutionResult,
  type Language,
  type ProviderCapabilities,
  type Sandbox,
} from '@sandport/core';
import { instrumentExecute, throwIfCancelled } from '@sandport/provider-kit';
import { RagflowCall } from './ragflow-call.ts';
import type { RagflowClient } from './ragflow-client.ts';
import { RAGFLOW_PROVIDER_ID, ragflowError } from './ragflow-errors.ts';

/** What a sandbox is made with. */
export interface RagflowSandboxOptions {
  readonly client: RagflowClient;
  readonly language: Language;
  readonly capabilities: ProviderCapabilities;
  /** Called once, when it has ended. */
  readonly onEnded: (sandbox: RagflowSandbox) => void;
}

/** One run at the far end. Until then there is nothing there; which container runs it, and who else used that, is the far end's matter. */
export class RagflowSandbox implements Sandbox {
  readonly id = randomUUID();
  readonly language: Language;
  readonly expiresAtMs = null;
  readonly #options: RagflowSandboxOptions;
  #call: RagflowCall | undefined;
  #isDestroyed = false;

  constructor(options: RagflowSandboxOptions) {
    this.#options = options;
    this.language = options.language;
  }

  async execute(input: ExecutionRequestInput | ExecutionRequest, { signal }: CallOptions = {}): Promise<ExecutionResult> {
    const { capabilities } = this.#options;
    const request = lowerDefaultLimits(parseExecutionRequest(input), capabilities.maxima);
    checkRequestAgainstCapabilities(RAGFLOW_PROVIDER_ID, capabilities, request);
    this.#checkFits(request);
    this.#checkOpen('execute');
    throwIfCancelled({ signal, providerId: RAGFLOW_PROVIDER_ID, operation: 'execute' });
    if (this.#call !== undefined) throw usedUpError();
    const call = new RagflowCall(this.#options.client, request);
    this.#call = call;
    const facts = { providerId: RAGFLOW_PROVIDER_ID, language: this.language, kind: 'program' } as const;
    const result = await instrumentExecute(facts, () => call.settle({ signal }));
    await deliverOutput(request, result);
    return result;
  }

  createContext(): Promise<ExecutionContext> {
    return Promise.reject(unsupported('create context', 'contexts'));
  }

  context(): ExecutionContext {
    throw unsupported('context', 'contexts');
  }

  writeFile(): Promise<void> {
    return Promise.reject(unsupported('write file', 'files'));
  }

  readFile(): Promise<Uint8Array> {
    return Promise.reject(unsupported('read file', 'files'));
  }

  readFileStream(): AsyncIterable<Uint8Array> {
    return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(unsupported('read file', 'files')) }) };
  }

  extend(): Promise<void> {
    return Promise.reject(unsupported('extend', 'lifetimes of sandboxes'));
  }

  /** A program that was sent goes on at the far end: its protocol has no way to end one. */
  destroy(): Promise<void> {
    if (!this.#isDestroyed) {
      this.#isDestroyed = true;
      this.#call?.end(closedError('execute'));
      this.#options.onEnded(this);
    }
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.destroy();
  }

  #checkOpen(operation: string): void {
    if (this.#isDestroyed) throw closedError(operation);
  }

  #checkFits({ language }: ExecutionRequest): void {
    if (language === this.language) return;
    throw ragflowError('REQUEST_INVALID', 'execute', `language: is ${language}, but this sandbox runs ${this.language}.`, {
      suggestion: 'Correct "language" and call again.',
      details: { field: 'language' },
    });
  }
}

/** Output comes in one piece, at the end. */
async function deliverOutput({ onOutput }: ExecutionRequest, result: ExecutionResult): Promise<void> {
  if (onOutput === undefined) return;
  for (const stream of ['stdout', 'stderr'] as const) {
    const text = result[stream];
    if (text !== '') await onOutput({ stream, text });
  }
}

function closedError(operation: string): ReturnType<typeof ragflowError> {
  return ragflowError('SANDBOX_CLOSED', operation, 'The sandbox has ended.', { suggestion: 'Create another sandbox.' });
}

function usedUpError(): Error {
  return ragflowError('SANDBOX_CLOSED', 'execute', 'This sandbox has run its program; it runs one only.', {
    suggestion: 'Create another sandbox.',
  });
}

function unsupported(operation: string, what: string): Error {
  return ragflowError('CAPABILITY_UNSUPPORTED', operation, `RAGFlow's executor manager has no ${what}.`, {
    suggestion: 'Use an executor of Sandport, or another provider.',
  });
}
