import { Buffer } from 'node:buffer';
import {
  parseExecutionRequest,
  SandboxError,
  type CallOptions,
  type ContextRequestInput,
  type ExecutionContext,
  type ExecutionRequest,
  type ExecutionRequestInput,
  type ExecutionResult,
  type FileContent,
  type Language,
  type Sandbox,
} from '@sandport/core';
import { completedResult } from '../value/sample-result.ts';
import type { SessionWorld } from './session-world.ts';

/** A sandbox on the far side, whoever is connected to it. */
export interface FarSandbox {
  readonly id: string;
  readonly providerId: string;
  readonly configDigest: string;
  readonly language: Language;
  readonly files: Map<string, Uint8Array>;
  readonly contexts: Set<string>;
  /** The connection that may use it. */
  holder: WorldSandbox | undefined;
  lives: boolean;
  executions: number;
}

/** A connection to a sandbox of a {@link SessionWorld}. */
export class WorldSandbox implements Sandbox {
  readonly far: FarSandbox;
  readonly world: SessionWorld;
  readonly process: string;

  constructor(world: SessionWorld, far: FarSandbox, process: string) {
    this.world = world;
    this.far = far;
    this.process = process;
    far.holder = this;
  }

  get id(): string {
    return this.far.id;
  }

  get language(): Language {
    return this.far.language;
  }

  get expiresAtMs(): number | null {
    return this.world.expiresAtMs;
  }

  execute(input: ExecutionRequestInput | ExecutionRequest, options: CallOptions = {}): Promise<ExecutionResult> {
    const request = parseExecutionRequest(input);
    return this.#do(`execute ${request.code}`, async () => {
      this.far.executions += 1;
      if (this.world.executesOnce && this.far.executions > 1) throw closed();
      return (await this.world.onExecute(request, this, options)) ?? completedResult(request.code);
    });
  }

  createContext(): Promise<ExecutionContext> {
    return this.#do('createContext', () => {
      const id = `context-${this.far.contexts.size + 1}`;
      this.far.contexts.add(id);
      return this.context(id);
    });
  }

  context(id: string): ExecutionContext {
    return new WorldContext(id, this);
  }

  writeFile(path: string, content: FileContent): Promise<void> {
    return this.#do(`writeFile ${path}`, () => {
      this.far.files.set(path, Buffer.from(content as string));
    });
  }

  readFile(path: string): Promise<Uint8Array> {
    const isProbe = path.startsWith('.probe-');
    return this.#do(isProbe ? 'probe' : `readFile ${path}`, async () => {
      if (isProbe) await this.world.onProbe();
      const content = this.far.files.get(path);
      if (content === undefined) throw new SandboxError('FILE_NOT_FOUND', 'There is none.');
      return content;
    });
  }

  async *readFileStream(path: string): AsyncGenerator<Uint8Array> {
    for (const byte of await this.readFile(path)) {
      this.#checkOpen();
      yield new Uint8Array([byte]);
    }
  }

  extend(lifetimeMs: number): Promise<void> {
    return this.#do(`extend ${lifetimeMs}`, () => undefined);
  }

  async destroy(): Promise<void> {
    this.world.note(this.process, `destroy ${this.id}`);
    await this.world.onDestroy(this);
    if (this.far.holder === this) this.far.lives = false;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.destroy();
  }

  /** Whether it is neither over nor somebody else's. */
  get isOpen(): boolean {
    return this.far.lives && this.far.holder === this;
  }

  async #do<Value>(event: string, work: () => Value | Promise<Value>): Promise<Value> {
    this.world.note(this.process, event);
    this.#checkOpen();
    return work();
  }

  #checkOpen(): void {
    if (!this.isOpen) throw closed();
  }
}

class WorldContext implements ExecutionContext {
  readonly id: string;
  readonly #sandbox: WorldSandbox;

  constructor(id: string, sandbox: WorldSandbox) {
    this.id = id;
    this.#sandbox = sandbox;
  }

  async execute(input: ContextRequestInput, options: CallOptions = {}): Promise<ExecutionResult> {
    const { world, process, far, isOpen } = this.#sandbox;
    world.note(process, `cell ${input.code}`);
    if (!isOpen) throw closed();
    if (!far.contexts.has(this.id)) throw new SandboxError('CONTEXT_CLOSED', 'There is none.');
    return (await world.onExecute(parseExecutionRequest({ code: input.code }), this.#sandbox, options)) ?? completedResult(input.code);
  }

  interrupt(): Promise<void> {
    this.#sandbox.world.note(this.#sandbox.process, `interrupt ${this.id}`);
    return Promise.resolve();
  }

  destroy(): Promise<void> {
    this.#sandbox.world.note(this.#sandbox.process, `destroyContext ${this.id}`);
    this.#sandbox.far.contexts.delete(this.id);
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.destroy();
  }
}

function closed(): SandboxError {
  return new SandboxError('SANDBOX_CLOSED', 'The sandbox is over.');
}
