import { randomUUID } from 'node:crypto';
import { Buffer } from 'node:buffer';
import {
  checkLifetime,
  checkRequestAgainstCapabilities,
  describePathProblem,
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
  type PhaseClock,
  type ProviderCapabilities,
  type Sandbox,
} from '@sandport/core';
import type { ProviderTerms } from '../provider-terms.ts';
import { instrumentExecute } from '../telemetry/instrument-execute.ts';
import { openContext, SupervisedContext } from './supervised-context.ts';
import type { SupervisedInstance } from './supervised-instance.ts';
import { FileExchange } from '../run/file-exchange.ts';
import { Run } from '../run/run.ts';
import { Stopwatch } from '../run/stopwatch.ts';
import { Turnstile } from '../run/turnstile.ts';
import { SandboxLife } from './sandbox-life.ts';
import { exchange, takenOverError } from '../supervisor/conversation.ts';
import { FRAME } from '../supervisor/frame-codec.ts';
import { lifetimeFrame } from '../supervisor/supervisor-messages.ts';

/** What a sandbox is made of. */
export interface SupervisedSandboxOptions {
  readonly capabilities: ProviderCapabilities;
  readonly instance: SupervisedInstance;
  /** What it took to obtain the instance; counted with the first call. */
  readonly claim: Pick<PhaseClock, 'queueMs' | 'claimMs'>;
  readonly idleTimeoutMs: number;
  readonly lifetimeMs: number;
  /** Orders the instance's end; resolves when it has gone. */
  readonly endInstance: () => Promise<void>;
  /** The sandbox has ended, or another connection has it now. */
  readonly onOver: () => void;
}

const NO_CLAIM = { queueMs: 0, claimMs: 0 };

/** A claimed instance, as a sandbox: one call after the other, all of one tenant. */
export class SupervisedSandbox implements Sandbox {
  readonly id: string;
  readonly language: Language;
  readonly #options: SupervisedSandboxOptions;
  readonly #files: FileExchange;
  readonly #turnstile: Turnstile;
  readonly #life: SandboxLife;
  #claim: Pick<PhaseClock, 'queueMs' | 'claimMs'>;
  #callCount = 0;
  #hasRun = false;
  #isDestroyed = false;

  constructor(options: SupervisedSandboxOptions) {
    const { instance } = options;
    this.#options = options;
    this.#claim = options.claim;
    this.id = instance.id;
    this.language = instance.language;
    this.#files = new FileExchange(instance.connection);
    this.#turnstile = new Turnstile(this.#terms.providerId);
    this.#life = new SandboxLife({
      idleTimeoutMs: options.idleTimeoutMs,
      lifetimeMs: options.lifetimeMs,
      isKeptInside: instance.outlivesConnection,
      end: () => void this.destroy(),
    });
    instance.connection.whenOver(() => this.#onOver());
  }

  get #terms(): ProviderTerms {
    return this.#options.instance.connection.terms;
  }

  get expiresAtMs(): number | null {
    return this.#options.capabilities.lifetimes ? this.#life.expiresAtMs : null;
  }

  async execute(input: ExecutionRequestInput | ExecutionRequest, options: CallOptions = {}): Promise<ExecutionResult> {
    const request = this.lowerDefaults(parseExecutionRequest(input));
    checkRequestAgainstCapabilities(this.#terms.providerId, this.#options.capabilities, request);
    this.#checkFits(request);
    return this.#run(request, null, options);
  }

  async createContext(options: CallOptions = {}): Promise<ExecutionContext> {
    this.#checkContexts();
    const id = randomUUID();
    await this.#pass('create context', options, () => openContext(this.#options.instance.connection, id, options));
    return this.context(id);
  }

  context(id: string): ExecutionContext {
    this.#checkContexts();
    if (!CONTEXT_ID.test(id)) throw this.#invalid('id', 'is not the id of a context');
    const { connection } = this.#options.instance;
    return new SupervisedContext(id, {
      connection,
      execute: (input, options) => this.#executeCell(id, input, options),
      pass: (operation, options, converse) => this.#pass(operation, options, converse),
      isOpen: () => !this.#isDestroyed && connection.isOpen,
    });
  }

  async writeFile(path: string, content: FileContent, options: CallOptions = {}): Promise<void> {
    this.#checkPath(path);
    const sizeBytes = typeof content === 'string' ? Buffer.byteLength(content) : content instanceof Uint8Array ? content.byteLength : 0;
    if (sizeBytes > REQUEST_LIMITS.filesBytes) {
      throw this.#invalid('content', `has ${sizeBytes} bytes; the most is ${REQUEST_LIMITS.filesBytes}, and more as a stream`);
    }
    await this.#pass('write file', options, () => this.#files.write(path, content, options));
  }

  async readFile(path: string, options: CallOptions = {}): Promise<Uint8Array> {
    this.#checkPath(path);
    return this.#pass('read file', options, () => this.#files.read(path, options));
  }

  async *readFileStream(path: string, options: CallOptions = {}): AsyncGenerator<Uint8Array, void, undefined> {
    this.#checkPath(path);
    const leave = await this.#enter('read file', options);
    try {
      yield* this.#files.readStream(path, options);
    } finally {
      leave();
    }
  }

  async extend(lifetimeMs: number, options: CallOptions = {}): Promise<void> {
    checkLifetime(this.#terms.providerId, this.#options.capabilities, 'lifetimeMs', lifetimeMs);
    this.#checkOpen('extend');
    if (this.#options.instance.outlivesConnection) {
      await this.#pass('extend', options, () => setLifetime(this.#options.instance, this.#life.idleTimeoutMs, lifetimeMs, options.signal));
    }
    this.#life.extend(lifetimeMs);
  }

  async destroy(): Promise<void> {
    this.#isDestroyed = true;
    this.#life.stop();
    await this.#options.endInstance();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.destroy();
  }

  /** For providers whose maxima may lie below the defaults of a request. */
  protected lowerDefaults(request: ExecutionRequest): ExecutionRequest {
    return request;
  }

  async #executeCell(id: string, input: ContextRequestInput, options: CallOptions): Promise<ExecutionResult> {
    const foreign = NOT_OF_A_CELL.find((field) => Reflect.get(input, field) !== undefined);
    if (foreign !== undefined) throw this.#invalid(foreign, 'belongs to the sandbox, not to a cell of a context');
    const request = this.lowerDefaults(parseExecutionRequest({ ...input, language: this.language }));
    checkRequestAgainstCapabilities(this.#terms.providerId, this.#options.capabilities, request);
    this.#checkFits(request);
    return this.#run(request, id, options);
  }

  async #run(request: ExecutionRequest, contextId: string | null, options: CallOptions): Promise<ExecutionResult> {
    const { instance, endInstance } = this.#options;
    const stopwatch = new Stopwatch(this.#claim);
    this.#claim = NO_CLAIM;
    return instrumentExecute(
      { providerId: this.#terms.providerId, language: this.language, kind: contextId === null ? 'program' : 'cell' },
      () =>
        this.#pass('execute', options, () => {
          if (this.#hasRun && this.#options.capabilities.executionsPerSandbox === 'one') throw this.#usedUpError();
          this.#hasRun = true;
          stopwatch.noteTurn();
          const remainingLifeMs = this.#life.remainingMs;
          return new Run(request, { instance, stopwatch, contextId, remainingLifeMs, endInstance }).settle(options);
        }),
    );
  }

  async #pass<Result>(operation: string, options: CallOptions, converse: () => Promise<Result>): Promise<Result> {
    const leave = await this.#enter(operation, options);
    try {
      return await converse();
    } finally {
      leave();
    }
  }

  /** Waits for the turn of a call; the returned function ends it. */
  async #enter(operation: string, { signal }: CallOptions): Promise<() => void> {
    this.#checkOpen(operation);
    this.#callCount += 1;
    this.#life.noteBusy();
    const done = (): void => {
      this.#callCount -= 1;
      if (this.#callCount > 0) return;
      if (!this.#options.instance.connection.isOpen) this.#options.onOver();
      else if (!this.#isDestroyed) this.#life.noteIdle();
    };
    try {
      const leave = await this.#turnstile.enter(operation, signal);
      try {
        await this.#options.instance.connection.unfinished;
        this.#checkOpen(operation);
      } catch (error) {
        leave();
        throw error;
      }
      return () => {
        leave();
        done();
      };
    } catch (error) {
      done();
      throw error;
    }
  }

  #onOver(): void {
    this.#life.stop();
    // A call that runs still asks how the instance ended.
    if (this.#callCount === 0) this.#options.onOver();
  }

  /** The sandbox exists already: what the request says of it must be what it is. */
  #checkFits(request: ExecutionRequest): void {
    const { limits } = this.#options.instance;
    if (request.language !== this.language)
      throw this.#invalid('language', `is ${request.language}, but this sandbox runs ${this.language}`);
    for (const name of SANDBOX_LIMIT_NAMES) {
      const wanted = request.sandboxLimits[name];
      if (wanted !== undefined && wanted !== limits[name])
        throw this.#invalid(`limits.${name}`, `differs from the ${limits[name]} with which this sandbox was created`);
    }
  }

  #checkContexts(): void {
    if (this.#options.capabilities.contexts) return;
    throw this.#terms.error('CAPABILITY_UNSUPPORTED', 'create context', `The provider "${this.#terms.providerId}" has no contexts.`, {
      suggestion: 'Run programs, or choose a provider whose capabilities name contexts.',
    });
  }

  #usedUpError(): Error {
    return this.#terms.error('SANDBOX_CLOSED', 'execute', 'This sandbox has run its program; it runs one only.', {
      suggestion: 'Create another sandbox.',
    });
  }

  #checkPath(path: string): void {
    const problem = describePathProblem(path);
    if (problem !== undefined) throw this.#invalid('path', problem);
  }

  #invalid(field: string, message: string): Error {
    return this.#terms.error('REQUEST_INVALID', 'execute', `${field}: ${message}.`, {
      suggestion: `Correct "${field}" and call again.`,
      details: { field },
    });
  }

  #checkOpen(operation: string): void {
    const { end } = this.#options.instance.connection;
    if (!this.#isDestroyed && end === undefined) return;
    if (!this.#isDestroyed && end?.isTakenOver === true) throw takenOverError(this.#terms, operation);
    throw this.#terms.error('SANDBOX_CLOSED', operation, 'The sandbox has ended.', { suggestion: 'Create another sandbox.' });
  }
}

const NOT_OF_A_CELL = ['language', 'stdin', 'tenant', 'network', 'maxWaitMs'];

const CONTEXT_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Tells an instance that outlives us when it has to end. */
export async function setLifetime(
  instance: SupervisedInstance,
  idleTimeoutMs: number,
  lifetimeMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  await exchange(instance.connection, {
    operation: 'set lifetime',
    signal,
    frames: [lifetimeFrame(idleTimeoutMs, lifetimeMs)],
    read: (frame) => (frame.type === FRAME.lifetimeSet ? true : undefined),
  });
}
