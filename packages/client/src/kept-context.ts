import {
  parseExecutionRequest,
  requestWithinPolicy,
  type CallOptions,
  type ContextRequestInput,
  type ExecutionContext,
  type ExecutionLimits,
  type Language,
  type SandboxPolicy,
} from '@sandport/core';
import { withDefaultLimits } from './call-defaults.ts';
import type { RunCounter } from './kept-sandbox.ts';
import type { CallRoute, RoutedResult } from './routing/call-route.ts';

/** What a context has from the sandbox that it belongs to. */
export interface KeptContextOptions {
  readonly language: Language;
  /** The policy in force when a call begins. */
  readonly policy: (signal: AbortSignal | undefined) => Promise<SandboxPolicy | undefined>;
  readonly route: CallRoute;
  readonly defaultLimits: Partial<ExecutionLimits>;
  /** Carries out a run and counts it. */
  readonly count: RunCounter;
  /** Notices when a call finds the sandbox closed. */
  readonly watch: <Value>(call: () => Promise<Value>) => Promise<Value>;
}

/** A context of a sandbox that a client gave out to be kept. */
export interface ClientContext extends ExecutionContext {
  /** @throws SandboxError also `POLICY_VIOLATED`: the policy that is stored when the call begins holds for it. */
  execute(request: ContextRequestInput, options?: CallOptions): Promise<RoutedResult>;
}

/** A context of a kept sandbox. What a policy says of requests holds for its cells too. */
export class KeptContext implements ClientContext {
  readonly #context: ExecutionContext;
  readonly #options: KeptContextOptions;

  constructor(context: ExecutionContext, options: KeptContextOptions) {
    this.#context = context;
    this.#options = options;
  }

  get id(): string {
    return this.#context.id;
  }

  execute(input: ContextRequestInput, options: CallOptions = {}): Promise<RoutedResult> {
    const { language, policy, route, defaultLimits, count, watch } = this.#options;
    return watch(() =>
      count(async () => {
        const request = withDefaultLimits(input, defaultLimits);
        const inForce = await policy(options.signal);
        const allowed = inForce === undefined ? request : withinPolicy(inForce, request, language);
        return { ...(await this.#context.execute(allowed, options)), route };
      }),
    );
  }

  interrupt(options?: CallOptions): Promise<void> {
    return this.#context.interrupt(options);
  }

  destroy(options?: CallOptions): Promise<void> {
    return this.#context.destroy(options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.destroy();
  }
}

function withinPolicy(policy: SandboxPolicy, request: ContextRequestInput, language: Language): ContextRequestInput {
  const { timeoutMs, outputBytes } = requestWithinPolicy(policy, parseExecutionRequest({ ...request, language })).limits;
  return withDefaultLimits(request, { timeoutMs, outputBytes });
}
