import {
  configFields,
  defineProvider,
  parseExecutionRequest,
  SandboxError,
  type CallOptions,
  type CreateSandboxOptions,
  type ExecutionContext,
  type ExecutionRequest,
  type ExecutionRequestInput,
  type ExecutionResult,
  type HealthReport,
  type ProviderCapabilities,
  type Sandbox,
  type SandboxProvider,
} from '@sandport/core';
import { z } from 'zod';

const fakeConfigSchema = z.strictObject({
  label: z.string().default('unnamed').register(configFields, { label: 'Label', help: 'Returned as the value of each run.' }),
  workers: z.int().min(1).max(8).default(1).register(configFields, { label: 'Workers', help: 'Not used.' }),
  token: z.string().optional().register(configFields, { label: 'Token', help: 'Not used.', secret: true }),
});

type FakeConfig = z.output<typeof fakeConfigSchema>;

/** What happened to the fake providers of one definition, in order. */
export interface FakeLog {
  readonly events: string[];
  readonly providers: FakeProvider[];
}

/** What the fake does instead of the plain thing. */
export interface FakeBehaviour {
  /** @default 'one' */
  readonly executionsPerSandbox?: 'one' | 'many';
  /** Time of the end of each sandbox, asked when it is read. @default null */
  readonly expiresAtMs?: () => number | null;
  readonly create?: () => void;
  /** Laid over the fake's own. */
  readonly capabilities?: Partial<ProviderCapabilities>;
  /** Awaited before a sandbox is created. */
  readonly createSandbox?: (options: CreateSandboxOptions, call: CallOptions) => Promise<void>;
  readonly execute?: (sandbox: FakeSandbox, options: CallOptions) => Promise<void>;
  /** Laid over the result. */
  readonly result?: Partial<ExecutionResult>;
  readonly destroy?: () => Promise<void>;
  readonly close?: () => Promise<void>;
}

/** A definition whose providers run nothing: each execution completes with the configured label as its value. */
export function fakeDefinition(id: string, behaviour: FakeBehaviour = {}) {
  const log: FakeLog = { events: [], providers: [] };
  const definition = defineProvider({
    id,
    displayName: `Fake ${id}`,
    description: 'Runs nothing.',
    tags: [],
    languages: ['python'],
    configSchema: fakeConfigSchema,
    create: (config) => {
      behaviour.create?.();
      const provider = new FakeProvider(id, config, log, behaviour);
      log.providers.push(provider);
      log.events.push(`create ${config.label}`);
      return provider;
    },
  });
  return { definition, log };
}

export class FakeProvider implements SandboxProvider {
  readonly specificationVersion = 'v1';
  readonly id: string;
  readonly config: FakeConfig;
  readonly log: FakeLog;
  readonly behaviour: FakeBehaviour;
  readonly sandboxes: FakeSandbox[] = [];
  readonly capabilities: ProviderCapabilities = {
    languages: ['python'],
    javascriptRuntime: 'node',
    executionsPerSandbox: 'one',
    streamsOutput: false,
    stdin: false,
    contexts: false,
    richResults: false,
    lifetimes: false,
    reconnect: true,
    files: false,
    artifacts: false,
    environment: false,
    cancellation: true,
    network: ['none'],
    limits: { memory: false, processes: false, disk: false, cpus: false, openFiles: false },
    subprocesses: false,
    maxima: { timeoutMs: 60_000 },
  };

  constructor(id: string, config: FakeConfig, log: FakeLog, behaviour: FakeBehaviour) {
    this.id = id;
    this.config = config;
    this.log = log;
    this.behaviour = behaviour;
    const { executionsPerSandbox = 'one', capabilities } = behaviour;
    this.capabilities = { ...this.capabilities, executionsPerSandbox, ...capabilities };
  }

  async createSandbox(options: CreateSandboxOptions, call: CallOptions = {}): Promise<Sandbox> {
    if (call.signal?.aborted === true) throw new SandboxError('CANCELLED', 'The fake saw the abort.');
    this.log.events.push(`createSandbox ${this.config.label}`);
    await this.behaviour.createSandbox?.(options, call);
    const sandbox = new FakeSandbox(this, options);
    this.sandboxes.push(sandbox);
    return sandbox;
  }

  connectSandbox(id: string): Promise<Sandbox> {
    this.log.events.push(`connectSandbox ${this.config.label} ${id}`);
    if (id !== 'fake-sandbox') return Promise.reject(new SandboxError('SANDBOX_NOT_FOUND', 'The fake has none of this id.'));
    const sandbox = new FakeSandbox(this, { language: 'python' });
    this.sandboxes.push(sandbox);
    return Promise.resolve(sandbox);
  }

  checkHealth(): Promise<HealthReport> {
    this.log.events.push(`checkHealth ${this.config.label}`);
    return Promise.resolve({
      providerId: this.id,
      status: 'healthy',
      isolation: null,
      checks: [],
      checkedAt: '2026-01-01T00:00:00.000Z',
      durationMs: 0,
    });
  }

  async close(): Promise<void> {
    this.log.events.push(`close ${this.config.label}`);
    for (const sandbox of this.sandboxes) sandbox.end();
    await this.behaviour.close?.();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

export class FakeSandbox implements Sandbox {
  readonly id = 'fake-sandbox';
  readonly language;
  readonly provider: FakeProvider;
  readonly options: CreateSandboxOptions;
  isOver = false;
  /** Fires when the sandbox is destroyed or its provider closed. */
  readonly ended: Promise<void>;
  #resolveEnded: () => void = () => undefined;

  constructor(provider: FakeProvider, options: CreateSandboxOptions) {
    this.provider = provider;
    this.language = options.language;
    this.options = options;
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
  }

  get expiresAtMs(): number | null {
    return this.provider.behaviour.expiresAtMs?.() ?? null;
  }

  get tenant(): string | undefined {
    return this.options.tenant;
  }

  end(): void {
    this.isOver = true;
    this.#resolveEnded();
  }

  async execute(input: ExecutionRequestInput | ExecutionRequest, options: CallOptions = {}): Promise<ExecutionResult> {
    if (this.isOver) throw new SandboxError('SANDBOX_CLOSED', 'The fake is over.');
    const request = parseExecutionRequest(input);
    this.provider.log.events.push(`execute ${request.code}`);
    await this.provider.behaviour.execute?.(this, options);
    const { label } = this.provider.config;
    const completed: ExecutionResult = {
      status: 'completed',
      error: null,
      value: { label, arguments: request.arguments, timeoutMs: request.limits.timeoutMs, language: request.language },
      valueJson: '{}',
      stdout: '',
      stderr: '',
      truncated: { stdout: false, stderr: false },
      exitCode: 0,
      signal: null,
      artifacts: { files: [], omitted: [], complete: true },
      clock: { queueMs: 0, claimMs: 0, startMs: 0, runMs: 0, collectMs: 0, totalMs: 0 },
      evidence: [{ kind: 'exit', observer: 'host', exitCode: 0, signal: null }],
      isolation: { kind: 'remote', measuredBy: 'fake' },
      providerId: this.provider.id,
      language: request.language,
    };
    // A test says what it wants to see, and no more than that is looked at.
    return { ...completed, ...this.provider.behaviour.result } as ExecutionResult;
  }

  createContext(): Promise<ExecutionContext> {
    return Promise.resolve(this.context('fake-context'));
  }

  context(id: string): ExecutionContext {
    return {
      id,
      execute: (request, options) => this.execute(request, options),
      interrupt: () => Promise.resolve(this.provider.log.events.push('interrupt')).then(() => undefined),
      destroy: () => Promise.resolve(this.provider.log.events.push('destroy context')).then(() => undefined),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }

  writeFile(): Promise<void> {
    return Promise.reject(new SandboxError('CAPABILITY_UNSUPPORTED', 'The fake takes no files.'));
  }

  readFile(): Promise<Uint8Array> {
    return Promise.reject(new SandboxError('CAPABILITY_UNSUPPORTED', 'The fake gives no files.'));
  }

  async *readFileStream(): AsyncGenerator<Uint8Array> {
    yield await this.readFile();
  }

  extend(): Promise<void> {
    this.provider.log.events.push('extend');
    return Promise.resolve();
  }

  async destroy(): Promise<void> {
    this.provider.log.events.push(`destroy ${this.provider.config.label}`);
    this.end();
    await this.provider.behaviour.destroy?.();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.destroy();
  }
}
