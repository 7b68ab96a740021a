import { SandboxError, type Clock, type SandboxPolicy, type SandboxProvider } from '@sandport/core';
import { throwIfWithdrawn } from '../client-state-errors.ts';
import type { ConfigurationSnapshot } from '../configuration/configuration-snapshot.ts';
import type { OpenedProvider } from '../configuration/stored-provider.ts';
import type { CallRoute } from './call-route.ts';
import { isPassedOver, mayGoElsewhere } from './failure-rules.ts';
import type { LiveProvider } from './live-provider.ts';
import type { LiveProviders } from './live-providers.ts';
import { checkPassport } from './passport-check.ts';
import { RouteTrail } from './route-trail.ts';

/** How far a call came at one provider. */
export interface CallProgress {
  /** Set before the program may start. */
  mayHaveStarted: boolean;
  /** What went by at other providers, in milliseconds. */
  readonly elapsedMs: number;
}

/** A call that one of several providers is to carry out. */
export interface CandidateCall<Value> {
  readonly signal: AbortSignal | undefined;
  /** Whether the program may be started a second time, after a provider failed that may have started it. */
  readonly isRepeatable: boolean;
  /** Told of the policy in force, before any provider is looked at. @throws SandboxError `POLICY_VIOLATED` */
  readonly applyPolicy: (policy: SandboxPolicy) => void;
  /** @throws SandboxError for what the provider does not declare. */
  readonly checkProvider: (provider: SandboxProvider) => void;
  readonly run: (live: LiveProvider, progress: CallProgress) => Promise<Value>;
  /** Told before each provider is asked. */
  readonly onAsk?: (providerId: string) => void;
}

/** What came of a call, and where. */
export interface WalkOutcome<Value> {
  readonly value: Value;
  readonly live: LiveProvider;
  readonly route: CallRoute;
}

/** What a {@link CandidateWalk} asks. */
export interface CandidateWalkOptions {
  readonly live: LiveProviders;
  readonly now: Clock;
  /** Milliseconds since the epoch. */
  readonly wallClock: Clock;
}

/** A call on its way through the candidates of one snapshot. */
interface Walk<Value> {
  readonly snapshot: ConfigurationSnapshot;
  readonly call: CandidateCall<Value>;
  readonly trail: RouteTrail;
  /** Whether the stored configuration lists somewhere to go on to. */
  readonly hasFallback: boolean;
}

/**
 * Takes a call to the chosen provider, and where the stored configuration lists others, to those that may stand in for it. A program that may have been started is
 * started nowhere else, unless its caller said that it may be.
 */
export class CandidateWalk {
  readonly #options: CandidateWalkOptions;

  constructor(options: CandidateWalkOptions) {
    this.#options = options;
  }

  /**
   * @param onlyId The one provider that can take the call.
   * @throws SandboxError what the last provider that was asked met, else why the chosen one was not asked.
   */
  async walk<Value>(snapshot: ConfigurationSnapshot, call: CandidateCall<Value>, onlyId?: string): Promise<WalkOutcome<Value>> {
    const { policy, version, candidateIds } = snapshot;
    if (policy !== undefined) call.applyPolicy(policy);
    const hasFallback = onlyId === undefined && snapshot.hasFallback;
    const trail = new RouteTrail(version?.number ?? null, hasFallback);
    const beganMs = this.#options.now();
    for (const [index, id] of (onlyId === undefined ? candidateIds : [onlyId]).entries()) {
      if (index > 0) trail.goesOn();
      const elapsedMs = index === 0 ? 0 : this.#options.now() - beganMs;
      const asked = await this.#ask({ snapshot, call, trail, hasFallback }, id, elapsedMs);
      if (asked !== undefined) return { ...asked, route: trail.used(id) };
    }
    throw trail.exhausted();
  }

  /** `undefined` when the call goes on to the next one. */
  async #ask<Value>(walk: Walk<Value>, id: string, elapsedMs: number): Promise<Omit<WalkOutcome<Value>, 'route'> | undefined> {
    const { call, trail } = walk;
    const opened = await this.#open(walk, id);
    if (opened === undefined) return undefined;
    // From here until it is used nothing is awaited, so that the provider cannot be closed in between.
    const live = this.#take(walk, opened);
    if (live === undefined) return undefined;
    call.onAsk?.(id);
    const progress: CallProgress = { mayHaveStarted: false, elapsedMs };
    try {
      const value = await this.#options.live.use(live, () => call.run(live, progress));
      return { value, live };
    } catch (error) {
      if (SandboxError.isInstance(error)) trail.failed(id, error);
      if (mayGoElsewhere(error) && (call.isRepeatable || !progress.mayHaveStarted)) return undefined;
      throw trail.onError(error);
    }
  }

  /** The configuration of a candidate that may be used; `undefined` when it is passed over. */
  async #open<Value>({ snapshot, call, trail }: Walk<Value>, id: string): Promise<OpenedProvider | undefined> {
    try {
      throwIfWithdrawn(call.signal);
      const stored = snapshot.provider(id);
      checkPassport(snapshot, stored, this.#options.wallClock());
      return await stored.open(call.signal);
    } catch (error) {
      return passOver(trail, id, error);
    }
  }

  /** The provider, ready to be asked; `undefined` when it is passed over. */
  #take<Value>({ call, trail, hasFallback }: Walk<Value>, opened: OpenedProvider): LiveProvider | undefined {
    let live: LiveProvider | undefined;
    try {
      live = this.#options.live.take(opened);
      call.checkProvider(live.provider);
      // Where there is nothing else, a provider is asked however often it failed.
      if (hasFallback && !live.breaker.attempt()) throw brokenProvider(live);
      return live;
    } catch (error) {
      if (live !== undefined) this.#options.live.leave(live);
      return passOver(trail, opened.id, error);
    }
  }
}

function passOver(trail: RouteTrail, id: string, error: unknown): undefined {
  if (!isPassedOver(error)) throw trail.onError(error);
  trail.skipped(id, error);
  return undefined;
}

function brokenProvider({ id, breaker }: LiveProvider): SandboxError {
  const { failures, reason, nextProbeMs } = breaker.describe();
  return new SandboxError(
    'PROVIDER_UNAVAILABLE',
    `"${id}" failed ${failures} times in a row (${String(reason)}), and is not asked for a while.`,
    {
      providerId: id,
      operation: 'chooseProvider',
      suggestion: `Look at "${id}" with \`sandport doctor --provider ${id}\`; it is asked again by itself.`,
      retryAfterMs: Math.ceil(nextProbeMs),
    },
  );
}
