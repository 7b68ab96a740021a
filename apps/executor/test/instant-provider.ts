import {
  checkLifetime,
  checkRequestAgainstCapabilities,
  checkSandboxOptions,
  parseExecutionRequest,
  relativePathSchema,
  SandboxError,
  type CallOptions,
  type CreateSandboxOptions,
  type ExecutionContext,
  type ExecutionRequest,
  type ExecutionRequestInput,
  type ExecutionResult,
  type FileContent,
  type HealthReport,
  type ProviderCapabilities,
  type Sandbox,
  type SandboxProvider,
} from '@sandport/core';

/** A provider that runs nothing, at once, and can be asked for everything: what is looked at is who was let through to it. */
export class InstantProvider implements SandboxProvider {
  readonly specificationVersion = 'v1';
  readonly id = 'instant';
  /** What was asked of it, in order: the name of the call. */
  readonly calls: string[] = [];
  /** Requests of programs that were run. */
  readonly requests: ExecutionRequest[] = [];
  readonly living = new Map<string, InstantSandbox>();
  /** Programs whose code is `wait` end with this, or with their caller's signal. */
  readonly released: Promise<void>;
  release: () => void = () => undefined;
  /** Sandboxes are taken over when this is resolved. */
  mayConnect = Promise.resolve();
  /** What programs print. */
  stdout = '';
  #made = 0;

  readonly capabilities: ProviderCapabilities = {
    languages: ['python', 'javascript'],
    javascriptRuntime: 'node',
    executionsPerSandbox: 'many',
    streamsOutput: true,
    stdin: true,
    contexts: true,
    richResults: false,
    lifetimes: true,
    reconnect: true,
    files: true,
    artifacts: true,
    environment: true,
    cancellation: true,
    network: ['none'],
    limits: { memory: true, processes: true, disk: true, cpus: true, openFiles: true },
    subprocesses: false,
    maxima: { timeoutMs: 60_000 },
  };

  constructor() {
    this.released = new Promise((resolve) => {
      this.release = resolve;
    });
  }

  createSandbox(options: CreateSandboxOptions, { signal }: CallOptions = {}): Promise<Sandbox> {
    this.calls.push('createSandbox');
    if (signal?.aborted === true) return Promise.reject(cancelled());
    try {
      checkSandboxOptions(this.id, this.capabilities, options);
    } catch (error) {
      return Promise.reject(error);
    }
    this.#made += 1;
    const sandbox = new InstantSandbox(this, `box-${this.#made}`, options);
    this.living.set(sandbox.id, sandbox);
    return Promise.resolve(sandbox);
  }

  async connectSandbox(id: string): Promise<Sandbox> {
    this.calls.push('connectSandbox');
    await this.mayConnect;
    const known = this.living.get(id);
    if (known?.options.reconnectable !== true) throw new SandboxError('SANDBOX_NOT_FOUND', 'There is none of this id.');
    const sandbox = new InstantSandbox(this, id, known.options);
    this.living.set(id, sandbox);
    return sandbox;
  }

  checkHealth(): Promise<HealthReport> {
    return Promise.resolve({
      providerId: this.id,
      status: 'healthy',
      isolation: null,
      checks: [],
      checkedAt: '2026-01-01T00:00:00.000Z',
      durationMs: 0,
    });
  }

  close(): Promise<void> {
    this.release();
    this.living.clear();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

class InstantSandbox implements Sandbox {
  readonly id: string;
  readonly language;
  readonly options: CreateSandboxOptions;
  readonly expiresAtMs = null;
  readonly #provider: InstantProvider;
  readonly #files = new Map<string, Uint8Array>();

  constructor(provider: InstantProvider, id: string, options: CreateSandboxOptions) {
    this.#provider = provider;
    this.id = id;
    this.language = options.language;
    this.options = options;
  }

  async execute(input: ExecutionRequestInput | ExecutionRequest, { signal }: CallOptions = {}): Promise<ExecutionResult> {
    this.#begin('execute');
    const request = parseExecutionRequest(input);
    checkRequestAgainstCapabilities(this.#provider.id, this.#provider.capabilities, request);
    this.#provider.requests.push(request);
    if (request.code === 'read') for await (const _ of request.stdin as AsyncIterable<Uint8Array>);
    if (request.code === 'wait') await Promise.race([this.#provider.released, fired(signal)]);
    const { stdout } = this.#provider;
    if (stdout !== '') await request.onOutput?.({ stream: 'stdout', text: stdout });
    return resultOf(request, { stdout, isCancelled: signal?.aborted === true });
  }

  createContext(): Promise<ExecutionContext> {
    this.#begin('createContext');
    return Promise.resolve(this.context('context-1'));
  }

  context(id: string): ExecutionContext {
    if (!/^context-\d$/.test(id)) throw new SandboxError('REQUEST_INVALID', 'context: is no id.', { details: { field: 'context' } });
    return {
      id,
      execute: (request, options) => this.execute({ ...request, language: this.language }, options),
      interrupt: async () => this.#begin('interrupt'),
      destroy: async () => this.#begin('destroyContext'),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }

  async writeFile(path: string, content: FileContent): Promise<void> {
    this.#begin('writeFile');
    checkPath(path);
    const pieces: Uint8Array[] = [];
    if (typeof content === 'string' || content instanceof Uint8Array) pieces.push(Buffer.from(content));
    else for await (const piece of content) pieces.push(piece);
    this.#files.set(path, Buffer.concat(pieces));
  }

  async readFile(path: string): Promise<Uint8Array> {
    this.#begin('readFile');
    checkPath(path);
    const content = this.#files.get(path);
    if (content === undefined) throw new SandboxError('FILE_NOT_FOUND', 'There is no such file.');
    return content;
  }

  async *readFileStream(path: string): AsyncGenerator<Uint8Array> {
    yield await this.readFile(path);
  }

  async extend(lifetimeMs: number): Promise<void> {
    this.#begin('extend');
    checkLifetime(this.#provider.id, this.#provider.capabilities, 'lifetimeMs', lifetimeMs);
  }

  destroy(): Promise<void> {
    this.#provider.calls.push('destroy');
    if (this.#provider.living.get(this.id) === this) this.#provider.living.delete(this.id);
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.destroy();
  }

  #begin(call: string): void {
    this.#provider.calls.push(call);
    if (this.#provider.living.get(this.id) !== this) throw new SandboxError('SANDBOX_CLOSED', 'It is over.');
  }
}

function checkPath(path: string): void {
  const parsed = relativePathSchema.safeParse(path);
  if (!parsed.success) throw new SandboxError('REQUEST_INVALID', 'path: is none.', { details: { field: 'path' } });
}

function resultOf(
  request: ExecutionRequest,
  { stdout, isCancelled }: { readonly stdout: string; readonly isCancelled: boolean },
): ExecutionResult {
  const facts = {
    error: null,
    stdout,
    stderr: '',
    truncated: { stdout: false, stderr: false },
    exitCode: isCancelled ? null : 0,
    signal: null,
    artifacts: { files: [], omitted: [], complete: true },
    clock: { queueMs: 0, claimMs: 0, startMs: 0, runMs: 0, collectMs: 0, totalMs: 0 },
    isolation: { kind: 'remote', measuredBy: 'instant' },
    providerId: 'instant',
    language: request.language,
  } as const;
  if (isCancelled) return { ...facts, status: 'cancelled', evidence: [{ kind: 'abort', observer: 'host' }] };
  return {
    ...facts,
    status: 'completed',
    value: request.arguments,
    valueJson: JSON.stringify(request.arguments),
    evidence: [{ kind: 'exit', observer: 'host', exitCode: 0, signal: null }],
  };
}

function cancelled(): SandboxError {
  return new SandboxError('CANCELLED', 'It was withdrawn.');
}

function fired(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) resolve();
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}
