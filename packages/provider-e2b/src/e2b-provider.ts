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
import { InstancePool, instrumentCreate, PoolTelemetry, RemoteSandbox, runProbe, type ClaimedInstance } from '@sandport/provider-kit';
import { e2bCapabilities } from './e2b-capabilities.ts';
import { E2B_TERMS, e2bError, PROVIDER_ID, toE2bError } from './e2b-errors.ts';
import { checkE2bHealth } from './e2b-health.ts';
import type { E2bProviderConfig } from './e2b-provider-config.ts';
import { E2bAccount, type E2bAccountOptions } from './sandbox/e2b-account.ts';
import type { E2bInstance } from './sandbox/e2b-instance.ts';

/** What a program may hand in besides the configuration. */
export type E2bProviderOptions = Pick<E2bAccountOptions, 'sdk'>;

/** A sandbox that was heard of so lately needs no look before it is used. */
const FRESH_MS = 2000;
/** What a sandbox must have left beyond the life that is asked of it, unless it was just made. */
const LIFE_SLACK_MS = 60_000;
const MOST_CLAIMS = 4;

/** Runs code in sandboxes of E2B, or of a service that speaks its protocol: one for each call, or one that its caller keeps, and none that anybody else had before. */
export class E2bProvider implements SandboxProvider {
  readonly specificationVersion = 'v1';
  readonly id = PROVIDER_ID;
  readonly capabilities: ProviderCapabilities;
  readonly #config: E2bProviderConfig;
  readonly #account: E2bAccount;
  readonly #pool: InstancePool<Language, E2bInstance>;
  readonly #telemetry = new PoolTelemetry(PROVIDER_ID);
  #isClosed = false;

  constructor(config: E2bProviderConfig, options: E2bProviderOptions = {}) {
    this.#config = config;
    this.capabilities = e2bCapabilities(config);
    this.#account = new E2bAccount({ config, ...options });
    this.#pool = new InstancePool({
      terms: E2B_TERMS,
      minIdle: config.warmSandboxes,
      maxIdle: config.maxIdleSandboxes,
      maxInstances: config.debug ? 1 : config.maxSandboxes,
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
      if (!this.#isClosed) this.#account.prepare();
      return this.#claim(options, lifetimeMs, call);
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
      e2bError('CAPABILITY_UNSUPPORTED', 'connect to sandbox', 'A sandbox of this provider belongs to the process that made it.', {
        suggestion: 'Keep the sandbox object, or choose a provider whose capabilities name "reconnect".',
      }),
    );
  }

  async checkHealth(call: CallOptions = {}): Promise<HealthReport> {
    return checkE2bHealth({
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

  /** A sandbox that has waited is looked at first: the service may have ended it, and a job that was handed to nobody would be lost. */
  async #claim(options: CreateSandboxOptions, lifetimeMs: number, { signal }: CallOptions): Promise<ClaimedInstance<E2bInstance>> {
    const { language, tenant, maxWaitMs } = options;
    for (let claims = 1; ; claims += 1) {
      const claimed = await this.#pool.claim(language, { tenant, maxWaitMs, signal });
      const { instance } = claimed;
      if (claims >= MOST_CLAIMS || Date.now() - instance.madeAtMs < FRESH_MS) return claimed;
      try {
        const isLongEnough = instance.endsAtMs - Date.now() >= lifetimeMs + LIFE_SLACK_MS;
        if (isLongEnough && Date.now() - instance.tunnel.heardAtMs >= FRESH_MS) await instance.tunnel.touch(signal);
        if (isLongEnough) return claimed;
      } catch (error) {
        if (signal?.aborted === true) {
          await this.#pool.discard(instance);
          throw toE2bError(error, 'claim sandbox');
        }
      }
      await this.#pool.discard(instance);
    }
  }
}
