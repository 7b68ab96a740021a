import {
  healthStatusOf,
  monotonicClock,
  SandboxError,
  type CallOptions,
  type CreateSandboxOptions,
  type ExecutionRequest,
} from '@sandport/core';
import { CheckedDefaults } from './call-defaults.ts';
import { checkClientOptions, type SandboxClientOptions } from './client-options.ts';
import { parseClientRequest, type ClientRequestInput } from './client-request.ts';
import type { ConfigurationFollower } from './configuration/configuration-follower.ts';
import type { ConfigurationSnapshot } from './configuration/configuration-snapshot.ts';
import { followConfiguration } from './configuration/followed-configuration.ts';
import { FOLLOWER_TIMING } from './configuration/follower-timing.ts';
import { settingsCheck } from './configuration/settings-check.ts';
import type { ClientSandbox } from './kept-sandbox.ts';
import { providersById } from './provider-list.ts';
import type { RoutedResult } from './routing/call-route.ts';
import { CallRouter, type ConnectOptions } from './routing/call-router.ts';
import { LiveProviders } from './routing/live-providers.ts';
import { installProviders } from './routing/provider-succession.ts';
import type { ClientHealthReport, ProviderInfo, SandboxClient } from './sandbox-client.ts';
import { SettingsSource } from './settings-source.ts';
import { warningListener, type WarningListener } from './warning-listener.ts';

/** Puts together what a client consists of; each part does its own work. */
export class StoredSandboxClient implements SandboxClient {
  readonly #settings: SettingsSource;
  readonly #warn: WarningListener;
  readonly #live: LiveProviders;
  readonly #configuration: ConfigurationFollower<ConfigurationSnapshot>;
  readonly #router: CallRouter;
  readonly #defaults: CheckedDefaults;
  #closing: Promise<void> | undefined;

  constructor(options: SandboxClientOptions) {
    const definitions = providersById(options.providers);
    const { version, pollIntervalMs, wallClock } = checkClientOptions(options);
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
    this.#router = new CallRouter({
      current: (signal) => this.#configuration.current(signal),
      live: this.#live,
      warn: this.#warn,
      defaultLimits: this.#defaults.executionLimits,
      now: monotonicClock,
      wallClock,
    });
  }

  async execute(input: ClientRequestInput | ExecutionRequest, { signal }: CallOptions = {}): Promise<RoutedResult> {
    const { request, isRepeatable } = parseClientRequest(input, this.#defaults);
    return this.#router.execute(request, { signal, isRepeatable });
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

  async #close(): Promise<void> {
    this.#configuration.close();
    await this.#live.close();
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
