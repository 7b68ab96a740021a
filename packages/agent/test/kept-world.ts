import {
  SandboxError,
  type CallOptions,
  type ContextRequestInput,
  type CreateSandboxOptions,
  type ExecutionContext,
  type ExecutionResult,
  type ProviderCapabilities,
  type Sandbox,
} from '@sandport/core';
import type { CodeRunner } from '../src/index.ts';
import { FULL_CAPABILITIES } from './sample-capabilities.ts';
import { completedWith } from './sample-result.ts';

/** What a program does: its code decides, as a test says. */
export type Programs = (code: string, place: WorldPlace, call: CallOptions) => Promise<ExecutionResult> | ExecutionResult;

/** One sandbox of the world, as the far side knows it. */
export class WorldPlace {
  readonly options: CreateSandboxOptions;
  /** What was run in it, in order. */
  readonly executed: string[] = [];
  isAlive = true;
  isDestroyed = false;

  constructor(options: CreateSandboxOptions) {
    this.options = options;
  }
}

/** A far side that keeps sandboxes and runs nothing: it tells which calls reached it. */
export class KeptWorld implements CodeRunner {
  readonly capabilities: ProviderCapabilities;
  readonly places: WorldPlace[] = [];
  programs: Programs = (code) => completedWith(code);
  /** What goes wrong when a sandbox, or a context in it, is made, or when one is destroyed. */
  failures: { createSandbox?: SandboxError; createContext?: SandboxError; destroy?: SandboxError } = {};
  beforeCreate: () => Promise<void> = () => Promise.resolve();

  constructor(capabilities: Partial<ProviderCapabilities> = {}) {
    this.capabilities = { ...FULL_CAPABILITIES, ...capabilities };
  }

  execute(): Promise<ExecutionResult> {
    throw new Error('a kept sandbox was wanted');
  }

  async createSandbox(options: CreateSandboxOptions): Promise<Sandbox> {
    await this.beforeCreate();
    if (this.failures.createSandbox !== undefined) throw this.failures.createSandbox;
    const place = new WorldPlace(options);
    this.places.push(place);
    return this.#sandboxOf(place);
  }

  #sandboxOf(place: WorldPlace): Sandbox {
    const unused = (): never => {
      throw new Error('this is not used here');
    };
    const destroy = async (): Promise<void> => {
      if (this.failures.destroy !== undefined) throw this.failures.destroy;
      place.isDestroyed = true;
      place.isAlive = false;
    };
    return {
      id: `place-${this.places.length}`,
      language: place.options.language,
      expiresAtMs: null,
      execute: (request, call = {}) => this.#run(place, request.code, 'SANDBOX_CLOSED', call),
      createContext: async () => {
        if (this.failures.createContext !== undefined) throw this.failures.createContext;
        return this.#contextOf(place);
      },
      context: unused,
      writeFile: unused,
      readFile: unused,
      readFileStream: unused,
      extend: unused,
      destroy,
      [Symbol.asyncDispose]: destroy,
    };
  }

  #contextOf(place: WorldPlace): ExecutionContext {
    const nothing = (): Promise<void> => Promise.resolve();
    return {
      id: 'context-1',
      execute: (request: ContextRequestInput, call = {}) => this.#run(place, request.code, 'CONTEXT_CLOSED', call),
      interrupt: nothing,
      destroy: nothing,
      [Symbol.asyncDispose]: nothing,
    };
  }

  async #run(place: WorldPlace, code: string, closed: 'SANDBOX_CLOSED' | 'CONTEXT_CLOSED', call: CallOptions): Promise<ExecutionResult> {
    if (!place.isAlive) throw new SandboxError(closed, 'It has ended.');
    place.executed.push(code);
    return this.programs(code, place, call);
  }
}
