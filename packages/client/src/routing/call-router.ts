import {
  checkRequestAgainstCapabilities,
  checkSandboxOptions,
  checkSandboxOptionsAgainstPolicy,
  FALLBACK_SETTING,
  requestWithinPolicy,
  SandboxError,
  type CallOptions,
  type Clock,
  type CreateSandboxOptions,
  type ExecutionLimits,
  type ExecutionRequest,
  type ExecutionResult,
  type ProviderCapabilities,
  type Sandbox,
  type SandboxProvider,
} from '@sandport/core';
import type { ConfigurationSnapshot } from '../configuration/configuration-snapshot.ts';
import { unlessBroken } from '../configuration/row-errors.ts';
import type { StartNotice } from '../idempotency/keyed-call.ts';
import { KeptSandbox } from '../kept-sandbox.ts';
import type { CreatedSandbox, SandboxWish } from '../session/session-host.ts';
import { instrumentCall } from '../telemetry/client-telemetry.ts';
import type { UsageReporter } from '../usage/usage-reporter.ts';
import type { WarningListener } from '../warning-listener.ts';
import type { RoutedResult } from './call-route.ts';
import { CandidateWalk, type CandidateCall, type WalkOutcome } from './candidate-walk.ts';
import { watchedBy } from './failure-rules.ts';
import type { LiveProvider } from './live-provider.ts';
import type { LiveProviders } from './live-providers.ts';
import { remainingWait, runProgram } from './program-run.ts';

/** What a {@link CallRouter} works with. */
export interface CallRouterOptions {
  /** The stored configuration for a call that begins now. */
  readonly current: (signal: AbortSignal | undefined) => Promise<ConfigurationSnapshot>;
  readonly live: LiveProviders;
  readonly warn: WarningListener;
  /** Counts calls for the operator. */
  readonly usage: UsageReporter;
  /** Limits of programs in kept sandboxes that say none of their own. */
  readonly defaultLimits: Partial<ExecutionLimits>;
  readonly now: Clock;
  /** Milliseconds since the epoch. */
  readonly wallClock: Clock;
}

/** How one program is carried out. */
export interface RouteOptions extends CallOptions {
  /** The program may be started again elsewhere when a provider failed that may have started it. @default false */
  readonly isRepeatable?: boolean | undefined;
  /** Told just before each moment at which the program may start. */
  readonly started?: StartNotice | undefined;
}

/** Which provider holds a sandbox. */
export interface ConnectOptions extends CallOptions {
  /** The provider that the sandbox was made on, when that need not be the chosen one. @default the chosen one */
  readonly providerId?: string | undefined;
}

/** Carries out what a client is asked for on the providers that the stored configuration names now. */
export class CallRouter {
  readonly #options: CallRouterOptions;
  readonly #walk: CandidateWalk;

  constructor(options: CallRouterOptions) {
    this.#options = options;
    this.#walk = new CandidateWalk(options);
  }

  /** Runs one program in a sandbox of its own. */
  execute(request: ExecutionRequest, { signal, isRepeatable = false, started }: RouteOptions = {}): Promise<RoutedResult> {
    const { warn, usage } = this.#options;
    return instrumentCall(request.language, (observation) =>
      usage.watch(
        () => observation.providerId,
        async () => {
          let allowed = request;
          const { value, route } = await this.#go<ExecutionResult>({
            signal,
            isRepeatable,
            applyPolicy: (policy) => {
              allowed = requestWithinPolicy(policy, request);
            },
            checkProvider: ({ id, capabilities }) => checkRequestAgainstCapabilities(id, capabilities, allowed),
            onAsk: (providerId) => {
              observation.providerId = providerId;
            },
            run: ({ provider, breaker }, progress) =>
              watchedBy(breaker, () => runProgram(provider, { request: allowed, signal, started, warn }, progress)),
          });
          return { ...value, route };
        },
      ),
    );
  }

  /** Gives a sandbox to keep. */
  async createSandbox(options: CreateSandboxOptions, call?: CallOptions): Promise<KeptSandbox> {
    return this.#kept(await this.#create(options, call));
  }

  /** As {@link CallRouter.createSandbox}, one that outlives this process where that is wanted and the provider can do it. */
  async createForSession({ options, wantsReconnect }: SandboxWish, call: CallOptions): Promise<CreatedSandbox> {
    const outcome = await this.#create(options, call, ({ reconnect }) => (wantsReconnect && reconnect ? { reconnectable: true } : {}));
    const { capabilities } = outcome.live.provider;
    return {
      sandbox: this.#kept(outcome),
      providerId: outcome.live.id,
      configDigest: outcome.live.digest,
      canReconnect: wantsReconnect && capabilities.reconnect,
      executesOnce: capabilities.executionsPerSandbox === 'one',
    };
  }

  /** Takes a sandbox over by its id. A sandbox lives on one provider, so that there is nowhere else to go. */
  async connectSandbox(id: string, { signal, providerId }: ConnectOptions = {}): Promise<KeptSandbox> {
    const snapshot = await this.#options.current(signal);
    if (providerId !== undefined && !snapshot.candidateIds.includes(providerId)) throw noCandidate();
    const outcome = await this.#walk.walk<Obtained>(
      snapshot,
      {
        ...ASKS_FOR_NOTHING,
        signal,
        run: (live) => this.#obtain(live, (provider) => provider.connectSandbox(id, { signal })),
      },
      providerId ?? snapshot.chosenId,
    );
    return this.#kept(outcome);
  }

  /**
   * Whether calls may go to this provider with this very configuration: it is the chosen one, or one that may stand in for it.
   *
   * @param configDigest `configDigest` of its row.
   */
  async isCandidate(providerId: string, configDigest: string, { signal }: CallOptions = {}): Promise<boolean> {
    const snapshot = await this.#options.current(signal);
    if (!snapshot.candidateIds.includes(providerId)) return false;
    return unlessBroken(() => snapshot.provider(providerId).digest) === configDigest;
  }

  /** Whether the provider that a sandbox is made on now can give one that outlives this process. Where it is one of several, one of them may. */
  async mayReconnect(call: CallOptions): Promise<boolean> {
    const snapshot = await this.#options.current(call.signal);
    if (snapshot.hasFallback) return true;
    return this.onChosen(snapshot, call, ({ capabilities }) => Promise.resolve(capabilities.reconnect));
  }

  /** Asks the chosen provider something that is no call of a program. */
  async onChosen<Value>(
    snapshot: ConfigurationSnapshot,
    call: CallOptions,
    ask: (provider: SandboxProvider) => Promise<Value>,
  ): Promise<Value> {
    const run = ({ provider }: LiveProvider) => ask(provider);
    const { value } = await this.#walk.walk(snapshot, { ...ASKS_FOR_NOTHING, signal: call.signal, run }, snapshot.chosenId);
    return value;
  }

  async #go<Value>(call: CandidateCall<Value>): Promise<WalkOutcome<Value>> {
    return this.#walk.walk(await this.#options.current(call.signal), call);
  }

  #create(
    options: CreateSandboxOptions,
    { signal }: CallOptions = {},
    more: (capabilities: ProviderCapabilities) => Pick<CreateSandboxOptions, 'reconnectable'> = () => ({}),
  ): Promise<WalkOutcome<Obtained>> {
    let askedId: string | undefined;
    const create = () =>
      this.#go<Obtained>({
        signal,
        isRepeatable: false,
        applyPolicy: (policy) => checkSandboxOptionsAgainstPolicy(policy, options),
        checkProvider: ({ id, capabilities }) => checkSandboxOptions(id, capabilities, options),
        onAsk: (providerId) => {
          askedId = providerId;
        },
        run: (live, { elapsedMs }) => {
          const maxWaitMs = remainingWait(options.maxWaitMs, elapsedMs);
          const asked = { ...options, ...(maxWaitMs === undefined ? {} : { maxWaitMs }), ...more(live.provider.capabilities) };
          return this.#obtain(live, (provider) => provider.createSandbox(asked, { signal }));
        },
      });
    return this.#options.usage.watchFailures(() => askedId, create);
  }

  async #obtain(live: LiveProvider, obtain: (provider: SandboxProvider) => Promise<Sandbox>): Promise<Obtained> {
    const sandbox = await watchedBy(live.breaker, () => obtain(live.provider));
    return { sandbox, release: this.#options.live.keep(live, sandbox) };
  }

  #kept({ value: { sandbox, release }, live, route }: WalkOutcome<Obtained>): KeptSandbox {
    const { usage } = this.#options;
    return new KeptSandbox(sandbox, {
      isReusable: live.provider.capabilities.executionsPerSandbox === 'many',
      onEnd: release,
      providerId: live.id,
      configDigest: live.digest,
      route,
      policy: async (signal) => (await this.#options.current(signal)).policy,
      defaultLimits: this.#options.defaultLimits,
      count: (run) => usage.watch(() => live.id, run, isFailureOfKept),
    });
  }
}

/** That a sandbox or context is over is for its holder to know, who may make another one: it is no call that could not be served. */
function isFailureOfKept(errorCode: string): boolean {
  return errorCode !== 'SANDBOX_CLOSED' && errorCode !== 'SANDBOX_NOT_FOUND' && errorCode !== 'CONTEXT_CLOSED';
}

/** A sandbox whose provider stays open until it is released. */
interface Obtained {
  readonly sandbox: Sandbox;
  readonly release: () => void;
}

const ASKS_FOR_NOTHING = { isRepeatable: false, applyPolicy: () => undefined, checkProvider: () => undefined } as const;

function noCandidate(): SandboxError {
  return new SandboxError('REQUEST_INVALID', 'providerId: is neither the chosen provider nor one that may stand in for it.', {
    operation: 'connectSandbox',
    suggestion: `Leave "providerId" out, or let the operator name it in the row "${FALLBACK_SETTING}".`,
    details: { field: 'providerId' },
  });
}
