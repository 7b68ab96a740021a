import { Buffer } from 'node:buffer';
import { performance } from 'node:perf_hooks';
import {
  checkLifetime,
  checkRequestAgainstCapabilities,
  describeIssue,
  describePathProblem,
  lowerDefaultLimits,
  parseExecutionRequest,
  REQUEST_LIMITS,
  SANDBOX_LIMIT_NAMES,
  type CallOptions,
  type ContextRequestInput,
  type ExecutionContext,
  type ExecutionRequest,
  type ExecutionRequestInput,
  type ExecutionResult,
  type FileContent,
  type Language,
  type ProviderCapabilities,
  type Sandbox,
  type SandboxError,
  type SandboxLimits,
} from '@sandport/core';
import { contextAnswerSchema, sandboxAnswerSchema, type SandboxAnswer } from '@sandport/executor-api';
import { instrumentExecute, settleWithin, Turnstile } from '@sandport/provider-kit';
import { invalidAnswer, PROVIDER_ID, selfManagedError, toSelfManagedError } from '../self-managed-errors.ts';
import { clockOf } from './clock-of.ts';
import { Execution } from './execution.ts';
import { FileTransfer } from './file-transfer.ts';
import { NativeContext } from './native-context.ts';
import { jsonBody, type SandboxLine } from './sandbox-line.ts';
import type { SandboxState } from './sandbox-state.ts';
import type { SandboxTie } from './sandbox-tie.ts';

/** What a sandbox is made of. */
export interface NativeSandboxOptions {
  readonly capabilities: ProviderCapabilities;
  readonly maxRetries: number;
  readonly answer: SandboxAnswer;
  readonly line: SandboxLine;
  readonly state: SandboxState;
  /** What it lives by; nothing for one that outlives us. */
  readonly tie: SandboxTie | undefined;
  /** What it was made with, as far as that was said here. */
  readonly limits: SandboxLimits;
  /** How long its making took, to be counted with the first call. */
  readonly makingMs: number;
}

/** How long the destruction of a sandbox may take, before what it lives by is broken off. */
const DESTRUCTION_MS = 5000;
/** How long a sandbox that was destroyed may take to say so. */
const FAREWELL_MS = 1000;
/** Codes of a sandbox that there is nothing left to end of. */
const GONE: ReadonlySet<string> = new Set(['SANDBOX_CLOSED', 'SANDBOX_NOT_FOUND']);
const NOT_OF_A_CELL = ['language', 'stdin', 'tenant', 'network', 'maxWaitMs'];
const CONTEXT_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** A sandbox at an executor: one call after the other, in the order in which they are made. */
export class NativeSandbox implements Sandbox {
  readonly id: string;
  readonly language: Language;
  readonly #options: NativeSandboxOptions;
  readonly #files: FileTransfer;
  readonly #turnstile = new Turnstile(PROVIDER_ID);
  #expiresAtMs: number | null;
  #makingMs: number;
  #destruction: Promise<void> | undefined;

  constructor(options: NativeSandboxOptions) {
    this.#options = options;
    this.id = options.answer.id;
    this.language = options.answer.language;
    this.#expiresAtMs = options.answer.expiresAtMs;
    this.#makingMs = options.makingMs;
    this.#files = new FileTransfer(options.line);
    void options.tie?.over.then((end) => options.state.end(end));
  }

  get expiresAtMs(): number | null {
    return this.#expiresAtMs;
  }

  async execute(input: ExecutionRequestInput | ExecutionRequest, options: CallOptions = {}): Promise<ExecutionResult> {
    return this.#run(this.#checked(input), null, options);
  }

  async createContext({ signal }: CallOptions = {}): Promise<ExecutionContext> {
    const { line } = this.#options;
    const action = 'create context';
    const json = await this.#pass(action, signal, () =>
      line.call({ action, method: 'POST', route: 'contexts' }, { signal, isSafe: false }),
    );
    const parsed = contextAnswerSchema.safeParse(json);
    if (parsed.success) return this.context(parsed.data.id);
    const { field, message } = describeIssue(parsed.error, 'context');
    throw invalidAnswer(action, line.endpoint.host, field, message, parsed.error);
  }

  context(id: string): ExecutionContext {
    if (!CONTEXT_ID.test(id)) throw invalid('id', 'is not the id of a context');
    const { line, state } = this.#options;
    return new NativeContext(id, { line, state, execute: (input, options) => this.#executeCell(id, input, options) });
  }

  async writeFile(path: string, content: FileContent, options: CallOptions = {}): Promise<void> {
    checkPath(path);
    const sizeBytes = typeof content === 'string' ? Buffer.byteLength(content) : content instanceof Uint8Array ? content.byteLength : 0;
    if (sizeBytes > REQUEST_LIMITS.filesBytes) {
      throw invalid('content', `has ${sizeBytes} bytes; the most is ${REQUEST_LIMITS.filesBytes}, and more as a stream`);
    }
    await this.#pass('write file', options.signal, () => this.#files.write(path, content, options));
  }

  async readFile(path: string, options: CallOptions = {}): Promise<Uint8Array> {
    checkPath(path);
    return this.#pass('read file', options.signal, () => this.#files.read(path, options));
  }

  async *readFileStream(path: string, options: CallOptions = {}): AsyncGenerator<Uint8Array, void, undefined> {
    checkPath(path);
    const leave = await this.#enter('read file', options.signal);
    try {
      yield* this.#files.readStream(path, options);
    } finally {
      leave();
    }
  }

  async extend(lifetimeMs: number, { signal }: CallOptions = {}): Promise<void> {
    const { capabilities, line, state } = this.#options;
    checkLifetime(PROVIDER_ID, capabilities, 'lifetimeMs', lifetimeMs);
    state.checkOpen('extend');
    const body = jsonBody({ lifetimeMs });
    const json = await line.call({ action: 'extend', method: 'PUT', route: 'sandboxLifetime', body }, { signal, isSafe: true });
    const parsed = sandboxAnswerSchema.safeParse(json);
    this.#expiresAtMs = parsed.success ? parsed.data.expiresAtMs : Date.now() + lifetimeMs;
  }

  async destroy({ signal }: CallOptions = {}): Promise<void> {
    this.#destruction ??= this.#destroy(signal).catch((error: unknown) => {
      // Whoever tries again finds it still to be done.
      this.#destruction = undefined;
      throw error;
    });
    await this.#destruction;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.destroy();
  }

  /** Its provider is closed: it ends, unless it was made to outlive that. */
  async close(): Promise<void> {
    if (this.#options.tie === undefined) this.#options.state.end({ kind: 'ended' });
    else await this.destroy();
  }

  async #destroy(signal: AbortSignal | undefined): Promise<void> {
    const { line, state, tie } = this.#options;
    const hasEnded = tie !== undefined && !state.isOpen;
    state.end({ kind: 'ended' });
    if (hasEnded) return;
    const action = 'destroy sandbox';
    const timeoutMs = Math.min(DESTRUCTION_MS, line.client.requestTimeoutMs);
    try {
      await line.client.call(line.request({ action, method: 'DELETE', route: 'sandbox' }), { signal, isSafe: true, timeoutMs });
      // Its answer says so, too, and then serves others.
      if (tie === undefined || (await settleWithin(tie.over, FAREWELL_MS))) return;
    } catch (error) {
      const known = toSelfManagedError(error, action);
      // One that lives by nothing of ours may be gone, or another's.
      if (tie === undefined && !GONE.has(known.code)) throw known;
    }
    tie?.release();
  }

  #checked(input: ExecutionRequestInput | ExecutionRequest): ExecutionRequest {
    const { capabilities, limits } = this.#options;
    const request = lowerDefaultLimits(parseExecutionRequest(input), { timeoutMs: capabilities.maxima.timeoutMs });
    checkRequestAgainstCapabilities(PROVIDER_ID, capabilities, request);
    if (request.language !== this.language) throw invalid('language', `is ${request.language}, but this sandbox runs ${this.language}`);
    for (const name of SANDBOX_LIMIT_NAMES) {
      const [wanted, made] = [request.sandboxLimits[name], limits[name]];
      // What nobody here said when it was made, the executor compares.
      if (wanted !== undefined && made !== undefined && wanted !== made) {
        throw invalid(`limits.${name}`, `differs from the ${made} with which this sandbox was created`);
      }
    }
    return request;
  }

  async #executeCell(id: string, input: ContextRequestInput, options: CallOptions): Promise<ExecutionResult> {
    const foreign = NOT_OF_A_CELL.find((field) => Reflect.get(input, field) !== undefined);
    if (foreign !== undefined) throw invalid(foreign, 'belongs to the sandbox, not to a cell of a context');
    return this.#run(this.#checked({ ...input, language: this.language }), id, options);
  }

  async #run(request: ExecutionRequest, contextId: string | null, { signal }: CallOptions): Promise<ExecutionResult> {
    const { line, state, maxRetries } = this.#options;
    const began = performance.now();
    const makingMs = this.#makingMs;
    this.#makingMs = 0;
    return instrumentExecute({ providerId: PROVIDER_ID, language: this.language, kind: contextId === null ? 'program' : 'cell' }, () =>
      this.#pass('execute', signal, async () => {
        const waitedMs = performance.now() - began;
        const result = await new Execution(request, { line, state, contextId, maxRetries }).settle(signal);
        const clock = clockOf(result.clock, { makingMs, waitedMs, elapsedMs: performance.now() - began });
        return { ...result, providerId: PROVIDER_ID, clock };
      }),
    );
  }

  async #pass<Result>(operation: string, signal: AbortSignal | undefined, converse: () => Promise<Result>): Promise<Result> {
    const leave = await this.#enter(operation, signal);
    try {
      return await converse();
    } finally {
      leave();
    }
  }

  /** Waits for the turn of a call; the returned function ends it. */
  async #enter(operation: string, signal: AbortSignal | undefined): Promise<() => void> {
    const { state } = this.#options;
    state.checkOpen(operation);
    const leave = await this.#turnstile.enter(operation, signal);
    try {
      state.checkOpen(operation);
      return leave;
    } catch (error) {
      leave();
      throw error;
    }
  }
}

function checkPath(path: string): void {
  const problem = describePathProblem(path);
  if (problem !== undefined) throw invalid('path', problem);
}

function invalid(field: string, message: string): SandboxError {
  return selfManagedError('REQUEST_INVALID', 'execute', `${field}: ${message}.`, {
    suggestion: `Correct "${field}" and call again.`,
    details: { field },
  });
}
