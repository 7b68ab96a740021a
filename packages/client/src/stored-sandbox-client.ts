import {
  healthStatusOf,
  monotonicClock,
  SandboxError,
  type CallOptions,
  type CreateSandboxOptions,
  type ExecutionRequest,
  type ProviderCapabilities,
} from '@sandport/core';
import type { z } from 'zod';
import { CheckedDefaults } from './call-defaults.ts';
import { checkClientOptions, type StoredClientOptions } from './client-options.ts';
import { parseClientRequest, type ClientRequest, type ClientRequestInput, type TypedClientRequestInput } from './client-request.ts';
import { callWithdrawn } from './client-state-errors.ts';
import type { ConfigurationFollower } from './configuration/configuration-follower.ts';
import type { ConfigurationSnapshot } from './configuration/configuration-snapshot.ts';
import { followConfiguration } from './configuration/followed-configuration.ts';
import { FOLLOWER_TIMING } from './configuration/follower-timing.ts';
import { unlessBroken } from './configuration/row-errors.ts';
import { settingsCheck } from './configuration/settings-check.ts';
import { untilAborted } from './configuration/within-deadline.ts';
import { executeOnce } from './idempotency/idempotent-call.ts';
import { requestDigestOf } from './idempotency/request-digest.ts';
import type { ClientSandbox } from './kept-sandbox.ts';
import { providersById } from './provider-list.ts';
import type { RoutedResult } from './routing/call-route.ts';
import { CallRouter, type ConnectOptions } from './routing/call-router.ts';
import { LiveProviders } from './routing/live-providers.ts';
import { installProviders } from './routing/provider-succession.ts';
import { ROUTED_RESULT_CODEC } from './routing/routed-result-codec.ts';
import type { ClientHealthReport, ClientResult, ProviderInfo, SandboxClient } from './sandbox-client.ts';
import { clientSessionHost } from './session/client-session-host.ts';
import type { SandboxSession } from './session/sandbox-session.ts';
import { SessionRegistry, type OpenSessionOptions } from './session/session-registry.ts';
import { SettingsSource } from './settings-source.ts';
import { openExecutionStream, type ExecutionStream } from './stream/execution-stream.ts';
import { UsageReporter } from './usage/usage-reporter.ts';
import { withTypedValue, type TypedResult } from './value/typed-value.ts';
import { warningListener, type WarningListener } from './warning-listener.ts';

/** Puts together what a client consists of; each part does its own work. */
export class StoredSandboxClient implements SandboxClient {
  readonly #settings: SettingsSource;
  readonly #warn: WarningListener;
  readonly #live: LiveProviders;
  readonly #configuration: ConfigurationFollower<ConfigurationSnapshot>;
  readonly #router: CallRouter;
  readonly #defaults: CheckedDefaults;
  readonly #sessions: SessionRegistry;
  readonly #usage: UsageReporter;
  #closing: Promise<void> | undefined;

  constructor(options: StoredClientOptions) {
    const definitions = providersById(options.providers);
    const { version, pollIntervalMs, reportUsage, wallClock } = checkClientOptions(options);
    this.#defaults = new CheckedDefaults(options.defaults);
    this.#settings = new SettingsSource(options.settings);
    this.#warn = warningListener(options.onWarning);
    this.#live = new LiveProviders(this.#warn);
    this.#configuration = followConfiguration({
      source: this.#settings,
      definitions,
      pinnedVersion: version,
      timing: { ...FOLLOWER_TIMING, pollIntervalMs },
      now: monotonicClock,
      wallClock,
      install: (snapshot, isLatest) => installProviders(this.#live, snapshot, isLatest),
    });
    this.#usage = new UsageReporter({
      isWanted: reportUsage,
      settings: () => this.#settings.get(),
      pools: () => this.#live.pools(),
      chosenId: () => this.#knownChosenId(definitions),
      warn: this.#warn,
      now: monotonicClock,
      wallClock,
    });
    this.#router = new CallRouter({
      current: (signal) => this.#configuration.current(signal),
      live: this.#live,
      warn: this.#warn,
      usage: this.#usage,
      defaultLimits: this.#defaults.executionLimits,
      now: monotonicClock,
      wallClock,
    });
    this.#sessions = new SessionRegistry(
      clientSessionHost({
        settings: () => this.#settings.get(),
        router: this.#router,
        prepare: (request) => parseClientRequest(request, this.#defaults).request,
        warn: this.#warn,
      }),
    );
  }

  execute<Schema extends z.ZodType>(
    input: TypedClientRequestInput<Schema>,
    options?: CallOptions,
  ): Promise<TypedResult<Schema, ClientResult>>;
  execute(input: ClientRequestInput | ExecutionRequest, options?: CallOptions): Promise<ClientResult>;
  async execute(
    input: ClientRequestInput | TypedClientRequestInput<z.ZodType> | ExecutionRequest,
    { signal }: CallOptions = {},
  ): Promise<ClientResult | TypedResult<z.ZodType, ClientResult>> {
    const call = parseClientRequest(input, this.#defaults);
    const result = await this.#execute(call, signal);
    return call.value === undefined ? result : withTypedValue(result, call.value);
  }

  stream<Schema extends z.ZodType>(
    input: TypedClientRequestInput<Schema>,
    options?: CallOptions,
  ): ExecutionStream<TypedResult<Schema, ClientResult>>;
  stream(input: ClientRequestInput, options?: CallOptions): ExecutionStream<ClientResult>;
  stream(input: ClientRequestInput | TypedClientRequestInput<z.ZodType>, { signal }: CallOptions = {}): ExecutionStream<unknown> {
    return openExecutionStream<unknown>(
      async (additions) => this.execute({ ...input, onOutput: additions.onOutput }, { signal: additions.signal }),
      {
        signal,
        onOutput: input.onOutput,
      },
    );
  }

  session(key: string, options: OpenSessionOptions): SandboxSession {
    const { tenant, ...sandboxOptions } = this.#defaults.underSandbox(options);
    return this.#sessions.open(key, { ...sandboxOptions, tenant, onSandbox: options.onSandbox });
  }

  async createSandbox(options: CreateSandboxOptions, call?: CallOptions): Promise<ClientSandbox> {
    return this.#router.createSandbox(this.#defaults.underSandbox(options), call);
  }

  connectSandbox(id: string, options?: ConnectOptions): Promise<ClientSandbox> {
    return this.#router.connectSandbox(id, options);
  }

  async checkHealth(call: CallOptions = {}): Promise<ClientHealthReport> {
    const snapshot = await this.#configuration.current(call.signal);
    const report = await this.#router.onChosen(snapshot, call, (provider) => provider.checkHealth(call));
    const configurationVersion = snapshot.version?.number ?? null;
    const { failure } = this.#configuration;
    if (failure === undefined) return { ...report, configurationVersion };
    const checks = [...report.checks, settingsCheck(failure, snapshot.version?.number)];
    const status = report.status === 'healthy' ? healthStatusOf(checks) : report.status;
    return { ...report, checks, status, configurationVersion };
  }

  async providerInfo({ signal }: CallOptions = {}): Promise<ProviderInfo> {
    const snapshot = await this.#configuration.current(signal);
    const { chosenId, version } = snapshot;
    const stored = snapshot.provider(chosenId);
    const { fieldNames } = await stored.open(signal);
    return {
      id: chosenId,
      displayName: stored.definition.displayName,
      configKeys: fieldNames,
      configurationVersion: version?.number ?? null,
    };
  }

  async capabilities({ signal }: CallOptions = {}): Promise<ProviderCapabilities> {
    const snapshot = await this.#configuration.current(signal);
    const opened = await snapshot.provider(snapshot.chosenId).open(signal);
    // One of its own, which reaches nobody: that of the calls may be closed at any moment.
    await using provider = opened.create();
    return provider.capabilities;
  }

  refresh({ signal }: CallOptions = {}): Promise<void> {
    return this.#configuration.refresh(signal);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #execute({ request, isRepeatable, idempotency }: ClientRequest, signal: AbortSignal | undefined): Promise<ClientResult> {
    if (idempotency === undefined) return { ...(await this.#router.execute(request, { signal, isRepeatable })), replayed: false };
    const store = (await untilAborted(this.#settings.get(), signal, callWithdrawn)).idempotency;
    if (store === undefined) throw remembersNoCalls();
    return executeOnce<RoutedResult>({
      store,
      tenant: request.tenant,
      ...idempotency,
      requestDigest: requestDigestOf(request),
      signal,
      codec: ROUTED_RESULT_CODEC,
      run: (started) => this.#router.execute(request, { signal, isRepeatable, started }),
      warn: this.#warn,
    });
  }

  /** What was written into a row may be no id at all, and is told nobody. */
  #knownChosenId(definitions: ReadonlyMap<string, unknown>): string | undefined {
    const { latest } = this.#configuration;
    const id = latest === undefined ? undefined : unlessBroken(() => latest.chosenId);
    return id !== undefined && definitions.has(id) ? id : undefined;
  }

  async #close(): Promise<void> {
    this.#configuration.close();
    this.#usage.notePools();
    const sessionsEnded = this.#sessions.close();
    await this.#live.close();
    await sessionsEnded;
    await this.#usage.close();
    try {
      await this.#settings.close();
    } catch (error) {
      this.#warn(
        new SandboxError('SETTINGS_UNAVAILABLE', 'The settings store could not be closed.', {
          operation: 'closeSettings',
          suggestion: 'The cause says what it met; nothing of a call is lost.',
          cause: error,
        }),
      );
    }
  }
}

function remembersNoCalls(): SandboxError {
  return new SandboxError('CAPABILITY_UNSUPPORTED', 'idempotencyKey: the settings of this client remember no calls.', {
    operation: 'execute',
    suggestion: 'Hand over settings that do, as @sandport/settings opens them, or leave "idempotencyKey" out.',
    details: { field: 'idempotencyKey' },
  });
}
