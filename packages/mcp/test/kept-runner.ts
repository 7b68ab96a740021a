import type { CodeRunner } from '@sandport/agent';
import type { ExecutionResult, ProviderCapabilities, Sandbox } from '@sandport/core';

const CAPABILITIES: ProviderCapabilities = {
  languages: ['python'],
  javascriptRuntime: 'node',
  executionsPerSandbox: 'many',
  streamsOutput: true,
  stdin: true,
  contexts: false,
  richResults: false,
  lifetimes: false,
  reconnect: false,
  files: true,
  artifacts: true,
  environment: true,
  cancellation: true,
  network: ['none'],
  limits: { memory: false, processes: false, disk: false, cpus: false, openFiles: false },
  subprocesses: true,
  maxima: { timeoutMs: 60_000 },
};

/** A far side that keeps sandboxes and runs nothing: the value of a program is how many its sandbox has had. */
export class KeptRunner implements CodeRunner {
  readonly capabilities = CAPABILITIES;
  made = 0;
  destroyed = 0;

  execute(): Promise<ExecutionResult> {
    return Promise.reject(new Error('a kept sandbox was wanted'));
  }

  async createSandbox(): Promise<Sandbox> {
    this.made += 1;
    let executions = 0;
    const unused = (): never => {
      throw new Error('this is not used here');
    };
    const destroy = async (): Promise<void> => {
      this.destroyed += 1;
    };
    return {
      id: `sandbox-${this.made}`,
      language: 'python',
      expiresAtMs: null,
      execute: async () => {
        executions += 1;
        return completed(executions);
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

function completed(value: number): ExecutionResult {
  return {
    status: 'completed',
    error: null,
    value,
    valueJson: String(value),
    stdout: '',
    stderr: '',
    truncated: { stdout: false, stderr: false },
    exitCode: 0,
    signal: null,
    artifacts: { files: [], omitted: [], complete: true },
    clock: { queueMs: 0, claimMs: 0, startMs: 0, runMs: 0, collectMs: 0, totalMs: 0 },
    evidence: [{ kind: 'exit', observer: 'host', exitCode: 0, signal: null }],
    isolation: { kind: 'wasm', measuredBy: 'test' },
    providerId: 'fake',
    language: 'python',
  };
}
