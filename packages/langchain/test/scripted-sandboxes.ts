import type { CodeRunner } from '@sandport/agent';
import {
  parseExecutionRequest,
  SandboxError,
  type CallOptions,
  type CreateSandboxOptions,
  type ExecutionRequestInput,
  type ExecutionResult,
  type JsonValue,
  type ProviderCapabilities,
  type Sandbox,
} from '@sandport/core';

/** What a provider can do that has a shell. */
const SHELL_CAPABILITIES: ProviderCapabilities = {
  languages: ['python', 'javascript'],
  javascriptRuntime: 'node',
  executionsPerSandbox: 'many',
  streamsOutput: true,
  stdin: true,
  contexts: true,
  richResults: true,
  lifetimes: true,
  reconnect: true,
  files: true,
  artifacts: true,
  environment: true,
  cancellation: true,
  network: ['none'],
  limits: { memory: true, processes: true, disk: true, cpus: true, openFiles: true },
  subprocesses: true,
  maxima: { timeoutMs: 600_000, lifetimeMs: 3_600_000 },
};

/** A result of a program that completed with a value, changed as a test says. */
export function resultWith(value: JsonValue, changes: Partial<ExecutionResult> = {}): ExecutionResult {
  return {
    status: 'completed',
    error: null,
    value,
    valueJson: JSON.stringify(value),
    stdout: '',
    stderr: '',
    truncated: { stdout: false, stderr: false },
    exitCode: 0,
    signal: null,
    artifacts: { files: [], omitted: [] },
    clock: { queueMs: 0, claimMs: 0, startMs: 0, runMs: 0, collectMs: 0, totalMs: 0 },
    evidence: [{ kind: 'exit', exitCode: 0, signal: null }],
    isolation: { kind: 'gvisor', hardening: [] },
    providerId: 'scripted',
    language: 'python',
    ...changes,
  } as ExecutionResult;
}

/** A far side that keeps sandboxes and runs nothing: a test says what programs answer. */
export class ScriptedSandboxes implements CodeRunner {
  readonly capabilities: ProviderCapabilities;
  /** Options of each sandbox that was made. */
  readonly made: CreateSandboxOptions[] = [];
  /** Requests for anything but the work folder, in order. */
  readonly requests: ExecutionRequestInput[] = [];
  readonly calls: CallOptions[] = [];
  alive = 0;
  /** What a program answers. */
  answer: (request: ExecutionRequestInput, call: CallOptions) => ExecutionResult | Promise<ExecutionResult> = () => resultWith(null);
  workFolder: JsonValue = '/workspace';
  beforeCreate: (call: CallOptions) => Promise<void> = () => Promise.resolve();

  constructor(capabilities: Partial<ProviderCapabilities> = {}) {
    this.capabilities = { ...SHELL_CAPABILITIES, ...capabilities };
  }

  execute(): Promise<ExecutionResult> {
    throw new Error('a kept sandbox was wanted');
  }

  async createSandbox(options: CreateSandboxOptions, creation: CallOptions = {}): Promise<Sandbox> {
    await this.beforeCreate(creation);
    this.made.push(options);
    this.alive += 1;
    let isAlive = true;
    const unused = (): never => {
      throw new Error('this is not used here');
    };
    const destroy = async (): Promise<void> => {
      this.alive -= isAlive ? 1 : 0;
      isAlive = false;
    };
    return {
      id: `scripted-${this.made.length}`,
      language: options.language,
      expiresAtMs: null,
      execute: async (input, call = {}) => {
        const request = input as ExecutionRequestInput;
        parseExecutionRequest(request);
        if (!isAlive) throw new SandboxError('SANDBOX_CLOSED', 'It has ended.');
        if (request.code.includes('os.getcwd()')) return resultWith(this.workFolder);
        this.requests.push(request);
        this.calls.push(call);
        try {
          return await this.answer(request, call);
        } catch (error) {
          if (SandboxError.isInstance(error) && error.code === 'SANDBOX_CLOSED') await destroy();
          throw error;
        }
      },
      createContext: unused,
      context: unused,
      writeFile: unused,
      readFile: unused,
      readFileStream: unused,
      extend: unused,
      destroy,
      [Symbol.asyncDispose]: destroy,
    };
  }
}
