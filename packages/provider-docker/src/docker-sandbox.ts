import { Buffer } from 'node:buffer';
import {
  checkRequestAgainstCapabilities,
  describePathProblem,
  parseExecutionRequest,
  REQUEST_LIMITS,
  SANDBOX_LIMIT_NAMES,
  type CallOptions,
  type ExecutionRequest,
  type ExecutionRequestInput,
  type ExecutionResult,
  type Language,
  type PhaseClock,
  type ProviderCapabilities,
  type Sandbox,
} from '@sandport/core';
import { throwIfCancelled } from '@sandport/provider-kit';
import { dockerError, PROVIDER_ID } from './docker-errors.ts';
import { FileExchange } from './run/file-exchange.ts';
import { Run, type RunContext } from './run/run.ts';
import { Stopwatch } from './run/stopwatch.ts';

/** What a sandbox is made of. */
export interface DockerSandboxOptions extends Omit<RunContext, 'stopwatch'> {
  readonly capabilities: ProviderCapabilities;
  /** What it took to obtain the container. */
  readonly claim: Pick<PhaseClock, 'queueMs' | 'claimMs'>;
}

/** A claimed container, as a sandbox: it executes once and is thrown away. */
export class DockerSandbox implements Sandbox {
  readonly id: string;
  readonly language: Language;
  readonly #options: DockerSandboxOptions;
  readonly #files: FileExchange;
  #state: 'fresh' | 'running' | 'used' | 'destroyed' = 'fresh';

  constructor(options: DockerSandboxOptions) {
    this.#options = options;
    this.id = options.container.name;
    this.language = options.container.profile.language;
    this.#files = new FileExchange(options.container.connection);
  }

  async execute(input: ExecutionRequestInput | ExecutionRequest, options: CallOptions = {}): Promise<ExecutionResult> {
    const request = parseExecutionRequest(input);
    checkRequestAgainstCapabilities(PROVIDER_ID, this.#options.capabilities, request);
    this.#checkFits(request);
    if (this.#state !== 'fresh') throw this.#closedError('execute');
    throwIfCancelled({ signal: options.signal, providerId: PROVIDER_ID, operation: 'execute' });
    this.#state = 'running';
    try {
      return await new Run(request, { ...this.#options, stopwatch: new Stopwatch(this.#options.claim) }).settle(options);
    } finally {
      if (this.#state === 'running') this.#state = 'used';
    }
  }

  async writeFile(path: string, content: Uint8Array | string, options: CallOptions = {}): Promise<void> {
    checkPath(path);
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    if (bytes.byteLength > REQUEST_LIMITS.filesBytes)
      throw invalid('content', `has ${bytes.byteLength} bytes; the most is ${REQUEST_LIMITS.filesBytes}`);
    this.#checkOpen('writeFile');
    await this.#files.write(path, bytes, options);
  }

  async readFile(path: string, options: CallOptions = {}): Promise<Uint8Array> {
    checkPath(path);
    this.#checkOpen('readFile');
    return this.#files.read(path, options);
  }

  async destroy(): Promise<void> {
    this.#state = 'destroyed';
    await this.#options.endContainer();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.destroy();
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
    if (this.#state === 'destroyed' || this.#state === 'running' || this.#hasEnded) throw this.#closedError(operation);
  }

  /** A run that is ended from outside takes its container with it. */
  get #hasEnded(): boolean {
    return !this.#options.container.connection.isOpen;
  }

  #closedError(operation: string): Error {
    const isGone = this.#state === 'destroyed' || this.#hasEnded;
    const message = isGone ? 'The sandbox has ended.' : 'The sandbox executes once, and has executed or does so now.';
    return dockerError('SANDBOX_CLOSED', operation, message, { suggestion: 'Create another sandbox.' });
  }
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
