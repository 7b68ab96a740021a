import type { CodeRunner } from '@sandport/agent';
import { SandboxError, type CallOptions, type CreateSandboxOptions, type Sandbox } from '@sandport/core';

/** A runner that remembers the sandboxes that it has made, and can ask them whether they live. */
export class RecordingRunner implements CodeRunner {
  readonly capabilities: CodeRunner['capabilities'];
  readonly execute: CodeRunner['execute'];
  readonly made: Sandbox[] = [];
  readonly #runner: CodeRunner;

  constructor(runner: CodeRunner) {
    this.#runner = runner;
    this.capabilities = runner.capabilities;
    this.execute = (request, options) => runner.execute(request, options);
  }

  async createSandbox(options: CreateSandboxOptions, call?: CallOptions): Promise<Sandbox> {
    const sandbox = await this.#runner.createSandbox(options, call);
    this.made.push(sandbox);
    return sandbox;
  }

  async isLastEnded(): Promise<boolean> {
    try {
      await this.made.at(-1)?.readFile('is-it-there');
    } catch (error) {
      if (SandboxError.isInstance(error)) return error.code === 'SANDBOX_CLOSED';
      throw error;
    }
    throw new Error('there is no sandbox, or it has a file that nobody wrote');
  }
}
