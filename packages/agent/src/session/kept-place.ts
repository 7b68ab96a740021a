import {
  SandboxError,
  type CallOptions,
  type ContextRequestInput,
  type CreateSandboxOptions,
  type ExecutionContext,
  type ExecutionResult,
  type Sandbox,
} from '@sandport/core';
import type { CodeClient } from '../code-runner.ts';

/** Codes by which a call says that what was kept is no more. */
const ENDED_CODES: ReadonlySet<string> = new Set(['SANDBOX_CLOSED', 'SANDBOX_NOT_FOUND', 'CONTEXT_CLOSED']);

/** Time for asking whether what was kept still lives, and for ending it, in milliseconds. */
const HOUSEKEEPING_MS = 15_000;

/** Whether an error says that what was kept has ended. */
export function saysEnded(error: unknown): boolean {
  return SandboxError.isInstance(error) && ENDED_CODES.has(error.code);
}

/** How a place is made. */
export interface PlaceOptions {
  readonly client: CodeClient;
  readonly sandbox: CreateSandboxOptions;
  /** Whether the place is an interpreter that keeps its variables. */
  readonly keepsVariables: boolean;
  /** Told when something that nobody needs any more could not be ended. */
  readonly onWarning: (error: unknown) => void;
}

/** A kept sandbox, with an interpreter in it where variables are to stay. */
export class KeptPlace {
  readonly #sandbox: Sandbox;
  readonly #context: ExecutionContext | undefined;
  #isDoubtful = false;

  constructor(sandbox: Sandbox, context: ExecutionContext | undefined) {
    this.#sandbox = sandbox;
    this.#context = context;
  }

  /** Makes one. What was made is ended when the rest cannot be. */
  static async create({ client, sandbox: options, keepsVariables, onWarning }: PlaceOptions, call: CallOptions): Promise<KeptPlace> {
    const sandbox = await client.createSandbox(options, call);
    try {
      return new KeptPlace(sandbox, keepsVariables ? await sandbox.createContext(call) : undefined);
    } catch (error) {
      await new KeptPlace(sandbox, undefined).destroy().catch(onWarning);
      throw error;
    }
  }

  /** Runs code in it. After anything but a completed program nobody knows whether it still lives. */
  async execute(request: ContextRequestInput, call: CallOptions): Promise<ExecutionResult> {
    this.#isDoubtful = true;
    const result = await this.#run(request, call);
    this.#isDoubtful = result.status !== 'completed';
    return result;
  }

  /**
   * Whether it can take another call. It is asked, with code that does nothing, only where there is a doubt.
   *
   * @throws SandboxError what stands in the way of asking.
   */
  async isAlive({ signal }: CallOptions): Promise<boolean> {
    if (this.#sandbox.expiresAtMs !== null && this.#sandbox.expiresAtMs <= Date.now()) return false;
    if (!this.#isDoubtful) return true;
    const deadline = AbortSignal.timeout(HOUSEKEEPING_MS);
    try {
      const { status } = await this.#run({ code: '' }, { signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]) });
      this.#isDoubtful = status !== 'completed';
      return status === 'completed';
    } catch (error) {
      if (saysEnded(error) || (deadline.aborted && signal?.aborted !== true)) return false;
      throw error;
    }
  }

  /** @throws SandboxError what the provider throws. */
  async destroy(): Promise<void> {
    await this.#sandbox.destroy({ signal: AbortSignal.timeout(HOUSEKEEPING_MS) });
  }

  #run(request: ContextRequestInput, call: CallOptions): Promise<ExecutionResult> {
    return this.#context === undefined
      ? this.#sandbox.execute({ ...request, language: this.#sandbox.language }, call)
      : this.#context.execute(request, call);
  }
}
