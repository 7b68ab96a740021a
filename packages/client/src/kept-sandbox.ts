import {
  checkSandboxOptionsAgainstPolicy,
  parseExecutionRequest,
  requestWithinPolicy,
  SandboxError,
  type CallOptions,
  type ExecutionContext,
  type ExecutionLimits,
  type ExecutionRequest,
  type ExecutionRequestInput,
  type FileContent,
  type Language,
  type Sandbox,
  type SandboxPolicy,
} from '@sandport/core';
import { withDefaultLimits } from './call-defaults.ts';
import { KeptContext, type ClientContext } from './kept-context.ts';
import type { CallRoute, RoutedResult } from './routing/call-route.ts';

/** Node fires a timer at once that is set further away than this. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Carries out a run and counts it; it resolves and rejects exactly as the run does. */
export type RunCounter = (run: () => Promise<RoutedResult>) => Promise<RoutedResult>;

/** How a sandbox that the caller keeps is watched over. */
export interface KeptSandboxOptions {
  /** Whether `SANDBOX_CLOSED` says that the sandbox is over, and not merely that it has executed once. */
  readonly isReusable: boolean;
  /** Called once, when the sandbox is over. */
  readonly onEnd: () => void;
  readonly providerId: string;
  /** `configDigest` of the configuration that its provider was made with. */
  readonly configDigest: string;
  readonly route: CallRoute;
  /** The policy in force when a call begins. */
  readonly policy: (signal: AbortSignal | undefined) => Promise<SandboxPolicy | undefined>;
  /** Limits of programs that say none of their own. */
  readonly defaultLimits: Partial<ExecutionLimits>;
  /** Carries out a run and counts it. */
  readonly count: RunCounter;
}

/** A sandbox that a client gave out to be kept. */
export interface ClientSandbox extends Sandbox {
  /** The provider that made it. */
  readonly providerId: string;
  /** How it was come by. Each result from it has the same. */
  readonly route: CallRoute;
  /** @throws SandboxError also `POLICY_VIOLATED`: the policy that is stored when the call begins holds for it. */
  execute(request: ExecutionRequestInput | ExecutionRequest, options?: CallOptions): Promise<RoutedResult>;
  createContext(options?: CallOptions): Promise<ClientContext>;
  context(id: string): ClientContext;
}

/**
 * A sandbox that its caller keeps. It is the provider's own, and tells when nobody needs the provider for it any more: when it was destroyed, when a call
 * found it closed, and when its lifetime has passed. What a policy says of requests holds for the calls of it too.
 */
export class KeptSandbox implements ClientSandbox {
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

  get providerId(): string {
    return this.#options.providerId;
  }

  /** `configDigest` of the configuration that its provider was made with. */
  get configDigest(): string {
    return this.#options.configDigest;
  }

  get route(): CallRoute {
    return this.#options.route;
  }

  execute(input: ExecutionRequestInput | ExecutionRequest, options: CallOptions = {}): Promise<RoutedResult> {
    return this.#watch(async () => {
      const request = parseExecutionRequest(withDefaultLimits(input, this.#options.defaultLimits));
      return this.#options.count(async () => {
        const policy = await this.#options.policy(options.signal);
        const allowed = policy === undefined ? request : requestWithinPolicy(policy, request);
        return { ...(await this.#sandbox.execute(allowed, options)), route: this.route };
      });
    });
  }

  createContext(options?: CallOptions): Promise<ClientContext> {
    return this.#watch(async () => this.#keptContext(await this.#sandbox.createContext(options)));
  }

  context(id: string): ClientContext {
    return this.#keptContext(this.#sandbox.context(id));
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
    return this.#watch(async () => {
      const policy = await this.#options.policy(options?.signal);
      if (policy !== undefined) checkSandboxOptionsAgainstPolicy(policy, { language: this.language, lifetimeMs });
      await this.#sandbox.extend(lifetimeMs, options);
    });
  }

  /** Its caller needs it no longer in this process, and does not end it. */
  release(): void {
    this.#end();
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

  #keptContext(context: ExecutionContext): ClientContext {
    const { policy, route, defaultLimits, count } = this.#options;
    const watch = <Value>(call: () => Promise<Value>) => this.#watch(call);
    return new KeptContext(context, { language: this.language, policy, route, defaultLimits, count, watch });
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
