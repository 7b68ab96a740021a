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
import { instrumentExecute } from '@sandport/provider-kit';
import { DockerContext, openContext } from './docker-context.ts';
import { dockerError, PROVIDER_ID } from './docker-errors.ts';
import type { EngineEvents } from './engine/engine-events.ts';
import type { SandboxContainer } from './pool/sandbox-container.ts';
import { FileExchange } from './run/file-exchange.ts';
import { Run } from './run/run.ts';
import { Stopwatch } from './run/stopwatch.ts';
import { Turnstile } from './run/turnstile.ts';
import { SandboxLife } from './sandbox-life.ts';
import { exchange, takenOverError } from './supervisor/conversation.ts';
import { FRAME } from './supervisor/frame-codec.ts';
import { lifetimeFrame } from './supervisor/supervisor-messages.ts';

/** What a sandbox is made of. */
export interface DockerSandboxOptions {
  readonly capabilities: ProviderCapabilities;
  readonly container: SandboxContainer;
  readonly events: EngineEvents;
  /** What it took to obtain the container; counted with the first call. */
  readonly claim: Pick<PhaseClock, 'queueMs' | 'claimMs'>;
  readonly idleTimeoutMs: number;
  readonly lifetimeMs: number;
  /** Orders the container's end; resolves when it has gone. */
  readonly endContainer: () => Promise<void>;
  /** The sandbox has ended, or another connection has it now. */
  readonly onOver: () => void;
}

const NO_CLAIM = { queueMs: 0, claimMs: 0 };

/** A claimed container, as a sandbox: one call after the other, all of one tenant. */
export class DockerSandbox implements Sandbox {
  readonly id: string;
  readonly language: Language;
  readonly #options: DockerSandboxOptions;
  readonly #files: FileExchange;
  readonly #turnstile = new Turnstile();
  readonly #life: SandboxLife;
  #claim: Pick<PhaseClock, 'queueMs' | 'claimMs'>;
  #callCount = 0;
  #isDestroyed = false;

  constructor(options: DockerSandboxOptions) {
    const { container } = options;
    this.#options = options;
    this.#claim = options.claim;
    this.id = container.name;
    this.language = container.profile.language;
    this.#files = new FileExchange(container.connection);
    this.#life = new SandboxLife({
      idleTimeoutMs: options.idleTimeoutMs,
      lifetimeMs: options.lifetimeMs,
      isKeptInside: container.profile.isReconnectable,
      end: () => void this.destroy(),
    });
    container.connection.whenOver(() => this.#onOver());
  }

  get expiresAtMs(): number {
    return this.#life.expiresAtMs;
  }

  async execute(input: ExecutionRequestInput | ExecutionRequest, options: CallOptions = {}): Promise<ExecutionResult> {
    const request = parseExecutionRequest(input);
    checkRequestAgainstCapabilities(PROVIDER_ID, this.#options.capabilities, request);
    this.#checkFits(request);
    return this.#run(request, null, options);
  }

  async createContext(options: CallOptions = {}): Promise<ExecutionContext> {
    const id = randomUUID();
    await this.#pass('create context', options, () => openContext(this.#options.container.connection, id, options));
    return this.context(id);
  }

  context(id: string): ExecutionContext {
    if (!CONTEXT_ID.test(id)) throw invalid('id', 'is not the id of a context');
    const { connection } = this.#options.container;
    return new DockerContext(id, {
      connection,
      execute: (input, options) => this.#executeCell(id, input, options),
      pass: (operation, options, converse) => this.#pass(operation, options, converse),
      isOpen: () => !this.#isDestroyed && connection.isOpen,
    });
  }

  async writeFile(path: string, content: FileContent, options: CallOptions = {}): Promise<void> {
    checkPath(path);
    const sizeBytes = typeof content === 'string' ? Buffer.byteLength(content) : content instanceof Uint8Array ? content.byteLength : 0;
    if (sizeBytes > REQUEST_LIMITS.filesBytes) {
      throw invalid('content', `has ${sizeBytes} bytes; the most is ${REQUEST_LIMITS.filesBytes}, and more as a stream`);
    }
    await this.#pass('write file', options, () => this.#files.write(path, content, options));
  }

  async readFile(path: string, options: CallOptions = {}): Promise<Uint8Array> {
    checkPath(path);
    return this.#pass('read file', options, () => this.#files.read(path, options));
  }

  async *readFileStream(path: string, options: CallOptions = {}): AsyncGenerator<Uint8Array, void, undefined> {
    checkPath(path);
    const leave = await this.#enter('read file', options);
    try {
      yield* this.#files.readStream(path, options);
    } finally {
      leave();
    }
  }

  async extend(lifetimeMs: number, options: CallOptions = {}): Promise<void> {
    checkLifetime(PROVIDER_ID, this.#options.capabilities, 'lifetimeMs', lifetimeMs);
    this.#checkOpen('extend');
    if (this.#options.container.profile.isReconnectable) {
      await this.#pass('extend', options, () => setLifetime(this.#options.container, this.#life.idleTimeoutMs, lifetimeMs, options.signal));
    }
    this.#life.extend(lifetimeMs);
  }

  async destroy(): Promise<void> {
    this.#isDestroyed = true;
    this.#life.stop();
    await this.#options.endContainer();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.destroy();
  }

  async #executeCell(id: string, input: ContextRequestInput, options: CallOptions): Promise<ExecutionResult> {
    const foreign = NOT_OF_A_CELL.find((field) => Reflect.get(input, field) !== undefined);
    if (foreign !== undefined) throw invalid(foreign, 'belongs to the sandbox, not to a cell of a context');
    const request = parseExecutionRequest({ ...input, language: this.language });
    checkRequestAgainstCapabilities(PROVIDER_ID, this.#options.capabilities, request);
    this.#checkFits(request);
    return this.#run(request, id, options);
  }

  async #run(request: ExecutionRequest, contextId: string | null, options: CallOptions): Promise<ExecutionResult> {
    const { container, events, endContainer } = this.#options;
    const stopwatch = new Stopwatch(this.#claim);
    this.#claim = NO_CLAIM;
    return instrumentExecute({ providerId: PROVIDER_ID, language: this.language, kind: contextId === null ? 'program' : 'cell' }, () =>
      this.#pass('execute', options, () => {
        stopwatch.noteTurn();
        const remainingLifeMs = this.#life.remainingMs;
        return new Run(request, { container, events, stopwatch, contextId, remainingLifeMs, endContainer }).settle(options);
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
      if (!this.#options.container.connection.isOpen) this.#options.onOver();
      else if (!this.#isDestroyed) this.#life.noteIdle();
    };
    try {
      const leave = await this.#turnstile.enter(operation, signal);
      try {
        await this.#options.container.connection.unfinished;
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
    // A call that runs still asks the engine how the container ended.
    if (this.#callCount === 0) this.#options.onOver();
  }

  /** The sandbox exists already: what the request says of it must be what it is. */
  #checkFits(request: ExecutionRequest): void {
    const { profile } = this.#options.container;
    if (request.language !== profile.language)
      throw invalid('language', `is ${request.language}, but this sandbox runs ${profile.language}`);
    for (const name of SANDBOX_LIMIT_NAMES) {
      const wanted = request.sandboxLimits[name];
      if (wanted !== undefined && wanted !== profile.limits[name])
        throw invalid(`limits.${name}`, `differs from the ${profile.limits[name]} with which this sandbox was created`);
    }
  }

  #checkOpen(operation: string): void {
    const { end } = this.#options.container.connection;
    if (!this.#isDestroyed && end === undefined) return;
    if (!this.#isDestroyed && end?.isTakenOver === true) throw takenOverError(operation);
    throw dockerError('SANDBOX_CLOSED', operation, 'The sandbox has ended.', { suggestion: 'Create another sandbox.' });
  }
}

const NOT_OF_A_CELL = ['language', 'stdin', 'tenant', 'network', 'maxWaitMs'];

const CONTEXT_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Tells a container that outlives us when it has to end. */
export async function setLifetime(
  container: SandboxContainer,
  idleTimeoutMs: number,
  lifetimeMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  await exchange(container.connection, {
    operation: 'set lifetime',
    signal,
    frames: [lifetimeFrame(idleTimeoutMs, lifetimeMs)],
    read: (frame) => (frame.type === FRAME.lifetimeSet ? true : undefined),
  });
}

function checkPath(path: string): void {
  const problem = describePathProblem(path);
  if (problem !== undefined) throw invalid('path', problem);
}

function invalid(field: string, message: string): Error {
  return dockerError('REQUEST_INVALID', 'execute', `${field}: ${message}.`, {
    suggestion: `Correct "${field}" and call again.`,
    details: { field },
  });
}
