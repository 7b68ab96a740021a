import {
  SandboxError,
  type CallOptions,
  type ExecutionContext,
  type ExecutionRequest,
  type ExecutionRequestInput,
  type ExecutionResult,
  type FileContent,
  type Language,
  type Sandbox,
} from '@sandport/core';

/** Node fires a timer at once that is set further away than this. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** How a sandbox that the caller keeps is watched over. */
export interface KeptSandboxOptions {
  /** Whether `SANDBOX_CLOSED` says that the sandbox is over, and not merely that it has executed once. */
  readonly isReusable: boolean;
  /** Called once, when the sandbox is over. */
  readonly onEnd: () => void;
}

/**
 * A sandbox that its caller keeps. It is the provider's own, and tells when nobody needs the provider for it any more: when it was destroyed, when a call
 * found it closed, and when its lifetime has passed.
 */
export class KeptSandbox implements Sandbox {
  readonly #sandbox: Sandbox;
  readonly #options: KeptSandboxOptions;
  #lifeTimer: NodeJS.Timeout | undefined;
  #hasEnded = false;

  constructor(sandbox: Sandbox, options: KeptSandboxOptions) {
    this.#sandbox = sandbox;
    this.#options = options;
    this.#watchLifetime();
  }

  get id(): string {
    return this.#sandbox.id;
  }

  get language(): Language {
    return this.#sandbox.language;
  }

  get expiresAtMs(): number | null {
    return this.#sandbox.expiresAtMs;
  }

  execute(request: ExecutionRequestInput | ExecutionRequest, options?: CallOptions): Promise<ExecutionResult> {
    return this.#watch(() => this.#sandbox.execute(request, options));
  }

  createContext(options?: CallOptions): Promise<ExecutionContext> {
    return this.#watch(() => this.#sandbox.createContext(options));
  }

  context(id: string): ExecutionContext {
    return this.#sandbox.context(id);
  }

  writeFile(path: string, content: FileContent, options?: CallOptions): Promise<void> {
    return this.#watch(() => this.#sandbox.writeFile(path, content, options));
  }

  readFile(path: string, options?: CallOptions): Promise<Uint8Array> {
    return this.#watch(() => this.#sandbox.readFile(path, options));
  }

  readFileStream(path: string, options?: CallOptions): AsyncIterable<Uint8Array> {
    return this.#sandbox.readFileStream(path, options);
  }

  extend(lifetimeMs: number, options?: CallOptions): Promise<void> {
    return this.#watch(() => this.#sandbox.extend(lifetimeMs, options));
  }

  /** Whatever comes of it, the sandbox is given up: closing its provider is then what remains to be tried. */
  async destroy(options?: CallOptions): Promise<void> {
    try {
      await this.#sandbox.destroy(options);
    } finally {
      this.#end();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.destroy();
  }

  async #watch<Value>(call: () => Promise<Value>): Promise<Value> {
    try {
      return await call();
    } catch (error) {
      if (this.#options.isReusable && SandboxError.isInstance(error) && error.code === 'SANDBOX_CLOSED') this.#end();
      throw error;
    }
  }

  /** `extend` may have put the end off by the time the timer fires. */
  #watchLifetime(): void {
    const { expiresAtMs } = this.#sandbox;
    if (expiresAtMs === null || this.#hasEnded) return;
    const remainingMs = expiresAtMs - Date.now();
    if (remainingMs <= 0) return this.#end();
    this.#lifeTimer = setTimeout(() => this.#watchLifetime(), Math.min(remainingMs, MAX_TIMER_MS)).unref();
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    clearTimeout(this.#lifeTimer);
    this.#options.onEnd();
  }
}
