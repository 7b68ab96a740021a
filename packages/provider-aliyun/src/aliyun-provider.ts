import {
  checkSandboxOptions,
  type CallOptions,
  type CreateSandboxOptions,
  type HealthReport,
  type Language,
  type ProviderCapabilities,
  type Sandbox,
  type SandboxProvider,
} from '@sandport/core';
import { claimUsable, InstancePool, instrumentCreate, PoolTelemetry, RemoteSandbox, runProbe } from '@sandport/provider-kit';
import { aliyunCapabilities } from './aliyun-capabilities.ts';
import { ALIYUN_TERMS, aliyunError, PROVIDER_ID, toAliyunError } from './aliyun-errors.ts';
import { checkAliyunHealth } from './aliyun-health.ts';
import type { AliyunProviderConfig } from './aliyun-provider-config.ts';
import { AgentRunAccount, type AgentRunAccountOptions } from './sandbox/agentrun-account.ts';
import type { AgentRunInstance } from './sandbox/agentrun-instance.ts';

/** What a program may hand in besides the configuration. */
export type AliyunProviderOptions = Pick<AgentRunAccountOptions, 'onTemplateProgress' | 'credentialsChain'>;

/** Runs code in sandboxes of AgentRun: one for each call, or one that its caller keeps, and none that anybody else had before. */
export class AliyunProvider implements SandboxProvider {
  readonly specificationVersion = 'v1';
  readonly id = PROVIDER_ID;
  readonly capabilities: ProviderCapabilities;
  readonly #config: AliyunProviderConfig;
  readonly #account: AgentRunAccount;
  readonly #pool: InstancePool<Language, AgentRunInstance>;
  readonly #telemetry = new PoolTelemetry(PROVIDER_ID);
  #isClosed = false;

  constructor(config: AliyunProviderConfig, options: AliyunProviderOptions = {}) {
    this.#config = config;
    this.capabilities = aliyunCapabilities(config);
    this.#account = new AgentRunAccount({ config, ...options });
    this.#pool = new InstancePool({
      terms: ALIYUN_TERMS,
      minIdle: config.warmSandboxes,
      maxIdle: config.maxIdleSandboxes,
      maxInstances: config.maxSandboxes,
      maxQueueLength: config.maxQueueLength,
      queueTimeoutMs: config.queueTimeoutMs,
      keyOf: (language) => language,
      observer: this.#telemetry,
      start: (language, signal) => this.#account.open(language, signal),
      remove: (instance) => this.#account.end(instance),
    });
  }

  async createSandbox(options: CreateSandboxOptions, call: CallOptions = {}): Promise<Sandbox> {
    checkSandboxOptions(this.id, this.capabilities, options);
    const { language } = options;
    const { idleTimeoutMs = this.#config.idleTimeoutMs, lifetimeMs = this.#config.lifetimeMs } = options;
    if (!this.#isClosed) this.#telemetry.watch(() => this.#pool.describe());
    const { instance, queueMs, claimMs } = await instrumentCreate({ providerId: this.id, language }, async () => {
      if (!this.#isClosed) await this.#account.prepare(call.signal);
      const { tenant, maxWaitMs } = options;
      const toError = (error: unknown): Error => toAliyunError(error, 'claim sandbox');
      return claimUsable(this.#pool, { profile: language, lifetimeMs, tenant, maxWaitMs, signal: call.signal, toError });
    });
    this.#pool.keepWarm(language);
    const end = (): Promise<void> => this.#pool.discard(instance);
    return new RemoteSandbox({
      capabilities: this.capabilities,
      instance,
      claim: { queueMs, claimMs },
      idleTimeoutMs,
      lifetimeMs,
      endInstance: end,
      onOver: () => void end(),
    });
  }

  connectSandbox(): Promise<Sandbox> {
    return Promise.reject(
      aliyunError('CAPABILITY_UNSUPPORTED', 'connect to sandbox', 'A sandbox of this provider belongs to the process that made it.', {
        suggestion: 'Keep the sandbox object, or choose a provider whose capabilities name "reconnect".',
      }),
    );
  }

  async checkHealth(call: CallOptions = {}): Promise<HealthReport> {
    return checkAliyunHealth({
      config: this.#config,
      account: this.#account,
      signal: call.signal,
      describePool: () => this.#pool.describe(),
      probe: (language) => runProbe(this, language, call),
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#telemetry.close();
    this.#account.beginClose();
    await this.#pool.close();
    await this.#account.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
