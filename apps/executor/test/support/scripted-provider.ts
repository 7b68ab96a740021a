import {
  parseExecutionRequest,
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

const CAPABILITIES: ProviderCapabilities = {
  languages: ['python'],
  javascriptRuntime: 'node',
  executionsPerSandbox: 'many',
  streamsOutput: true,
  stdin: true,
  contexts: false,
  richResults: false,
  lifetimes: false,
  reconnect: true,
  files: true,
  artifacts: false,
  environment: false,
  cancellation: true,
  network: ['none'],
  limits: { memory: false, processes: false, disk: false, cpus: false, openFiles: false },
  subprocesses: false,
  maxima: { timeoutMs: 600_000 },
};

/** How much a program that prints gives at a time. */
const PIECE_BYTES = 65_536;

/**
 * A provider whose programs are words: `nothing`, `wait MS`, `print BYTES` (as fast as it is listened to), `return BYTES` (in the result alone), `echo` (standard input). It counts what it has made.
 */
export class ScriptedProvider implements SandboxProvider {
  readonly specificationVersion = 'v1';
  readonly id = 'scripted';
  readonly capabilities = CAPABILITIES;
  /** Sandboxes that live. */
  readonly sandboxes = new Map<string, ScriptedSandbox>();
  /** Programs that run. */
  running = 0;
  /** Calls for a sandbox that wait for their turn. */
  queued = 0;
  /** Bytes that listeners have taken. */
  bytesTaken = 0;
  isClosed = false;
  /** Whether nobody gets a sandbox, nor may wait for one. */
  isFull = false;
  /** How long a connection takes, whoever withdraws it. */
  connectMs = 0;
  readonly #capacity: number;
  #made = 0;

  constructor(capacity = Number.POSITIVE_INFINITY) {
    this.#capacity = capacity;
  }

  async createSandbox({ language }: CreateSandboxOptions, { signal }: CallOptions = {}): Promise<Sandbox> {
    if (this.isFull) throw new SandboxError('CAPACITY_EXHAUSTED', 'There is no room.');
    this.queued += 1;
    try {
      while (this.sandboxes.size >= this.#capacity && signal?.aborted !== true && !this.isClosed) await pause(5, signal);
    } finally {
      this.queued -= 1;
    }
    if (signal?.aborted === true) throw new SandboxError('CANCELLED', 'It was withdrawn.');
    if (this.isClosed) throw new SandboxError('SANDBOX_CLOSED', 'The provider is closed.');
    this.#made += 1;
    const sandbox = new ScriptedSandbox(this, `scripted-${this.#made}`, language);
    this.sandboxes.set(sandbox.id, sandbox);
    return sandbox;
  }

  async connectSandbox(id: string): Promise<Sandbox> {
    this.queued += 1;
    await pause(this.connectMs, undefined);
    this.queued -= 1;
    const sandbox = this.sandboxes.get(id);
    if (sandbox === undefined) throw new SandboxError('SANDBOX_NOT_FOUND', 'There is none of this id.');
    return sandbox;
  }

  checkHealth(): Promise<HealthReport> {
    const checkedAt = new Date().toISOString();
    return Promise.resolve({ providerId: this.id, status: 'healthy', isolation: null, checks: [], checkedAt, durationMs: 0 });
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all([...this.sandboxes.values()].map((sandbox) => sandbox.destroy()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

class ScriptedSandbox implements Sandbox {
  readonly expiresAtMs = null;
  readonly id: string;
  readonly language: Sandbox['language'];
  readonly #provider: ScriptedProvider;
  readonly #end = new AbortController();
  readonly #files = new Map<string, Uint8Array>();

  constructor(provider: ScriptedProvider, id: string, language: Sandbox['language']) {
    this.#provider = provider;
    this.id = id;
    this.language = language;
  }

  async execute(input: ExecutionRequestInput | ExecutionRequest, { signal }: CallOptions = {}): Promise<ExecutionResult> {
    if (this.#end.signal.aborted) throw new SandboxError('SANDBOX_CLOSED', 'It has ended.');
    const request = parseExecutionRequest(input);
    const stop = AbortSignal.any([this.#end.signal, ...(signal === undefined ? [] : [signal])]);
    this.#provider.running += 1;
    try {
      const stdout = await this.#run(request, stop);
      return resultOf(signal?.aborted === true ? 'cancelled' : this.#end.signal.aborted ? 'killed' : 'completed', stdout);
    } finally {
      this.#provider.running -= 1;
    }
  }

  async #run({ code, onOutput, stdin }: ExecutionRequest, stop: AbortSignal): Promise<string> {
    const [word, amount = '0'] = code.split(' ');
    if (word === 'wait') await pause(Number(amount), stop);
    if (word === 'return') return 'x'.repeat(Number(amount));
    if (word === 'echo') return textOf(stdin, stop);
    if (word === 'print') {
      const stopped = whenAborted(stop);
      for (let left = Number(amount); left > 0 && !stop.aborted; left -= PIECE_BYTES) {
        // Who listens no longer may never settle: the end of the call does not wait for him.
        await Promise.race([onOutput?.({ stream: 'stdout', text: 'x'.repeat(PIECE_BYTES) }), stopped]);
        this.#provider.bytesTaken += PIECE_BYTES;
      }
    }
    return '';
  }

  async writeFile(path: string, content: FileContent): Promise<void> {
    const pieces: Uint8Array[] = [];
    if (typeof content === 'string' || content instanceof Uint8Array) pieces.push(Buffer.from(content));
    else for await (const piece of content) pieces.push(piece);
    this.#files.set(path, Buffer.concat(pieces));
  }

  readFile(path: string): Promise<Uint8Array> {
    const content = this.#files.get(path);
    return content === undefined ? Promise.reject(new SandboxError('FILE_NOT_FOUND', 'There is none.')) : Promise.resolve(content);
  }

  async *readFileStream(path: string): AsyncGenerator<Uint8Array> {
    const content = await this.readFile(path);
    for (let start = 0; start < content.byteLength; start += PIECE_BYTES) {
      const piece = content.subarray(start, start + PIECE_BYTES);
      this.#provider.bytesTaken += piece.byteLength;
      yield piece;
    }
  }

  createContext(): Promise<ExecutionContext> {
    return Promise.reject(new SandboxError('CAPABILITY_UNSUPPORTED', 'There are no contexts here.'));
  }

  context(): ExecutionContext {
    throw new SandboxError('CAPABILITY_UNSUPPORTED', 'There are no contexts here.');
  }

  extend(): Promise<void> {
    return Promise.resolve();
  }

  destroy(): Promise<void> {
    this.#provider.sandboxes.delete(this.id);
    this.#end.abort();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.destroy();
  }
}

async function textOf(stdin: ExecutionRequest['stdin'], stop: AbortSignal): Promise<string> {
  if (stdin === undefined || typeof stdin === 'string') return stdin ?? '';
  if (stdin instanceof Uint8Array) return Buffer.from(stdin).toString();
  const pieces: Uint8Array[] = [];
  const reading = (async () => {
    for await (const piece of stdin) pieces.push(Buffer.from(piece));
  })();
  await Promise.race([reading, whenAborted(stop)]);
  return Buffer.concat(pieces).toString();
}

function resultOf(status: 'completed' | 'cancelled' | 'killed', stdout: string): ExecutionResult {
  return {
    status,
    error: null,
    stdout,
    stderr: '',
    truncated: { stdout: false, stderr: false },
    exitCode: status === 'completed' ? 0 : null,
    signal: null,
    artifacts: { files: [], omitted: [], complete: true },
    clock: { queueMs: 0, claimMs: 0, startMs: 0, runMs: 0, collectMs: 0, totalMs: 0 },
    evidence: [{ kind: 'exit', observer: 'host', exitCode: status === 'completed' ? 0 : null, signal: null }],
    isolation: { kind: 'remote', measuredBy: 'test' },
    providerId: 'scripted',
    language: 'python',
  };
}

/** Resolves after this time, or when the signal fires. */
function pause(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const timer = setTimeout(over, durationMs);
    signal?.addEventListener('abort', over, { once: true });
    function over(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', over);
      resolve();
    }
  });
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
