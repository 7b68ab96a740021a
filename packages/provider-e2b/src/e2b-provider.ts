import {
  checkSandboxOptions,
  type CallOptions,
  type CreateSandboxOptions,
  type HealthReport,
  type PhaseClock,
  type ProviderCapabilities,
  type Sandbox,
  type SandboxProvider,
} from '@sandport/core';
import {
  claimUsable,
  InstancePool,
  instrumentCreate,
  PoolTelemetry,
  RemoteSandbox,
  runProbe,
  setLifetime,
  throwIfCancelled,
} from '@sandport/provider-kit';
import { e2bCapabilities } from './e2b-capabilities.ts';
import { E2B_TERMS, e2bError, PROVIDER_ID, toE2bError } from './e2b-errors.ts';
import { checkE2bHealth } from './e2b-health.ts';
import type { E2bProviderConfig } from './e2b-provider-config.ts';
import { E2bAccount, type E2bAccountOptions, type SandboxProfile } from './sandbox/e2b-account.ts';
import type { E2bInstance } from './sandbox/e2b-instance.ts';

/** What a program may hand in besides the configuration. */
export type E2bProviderOptions = Pick<E2bAccountOptions, 'sdk'>;

/** Runs code in sandboxes of E2B, or of a service that speaks its protocol: one for each call, or one that its caller keeps, and none that anybody else had before. */
export class E2bProvider implements SandboxProvider {
  readonly specificationVersion = 'v1';
  readonly id = PROVIDER_ID;
  readonly capabilities: ProviderCapabilities;
  readonly #config: E2bProviderConfig;
  readonly #account: E2bAccount;
  readonly #pool: InstancePool<SandboxProfile, E2bInstance>;
  readonly #taken = new Set<E2bInstance>();
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
      keyOf: ({ language, isReconnectable }) => (isReconnectable ? `${language} for others` : language),
      // An unused one of these would outlive us.
      keepsIdle: ({ isReconnectable }) => !isReconnectable,
      observer: this.#telemetry,
      start: (profile, signal) => this.#account.open(profile, signal),
      remove: (instance) => this.#account.end(instance),
    });
  }

  async createSandbox(options: CreateSandboxOptions, call: CallOptions = {}): Promise<Sandbox> {
    checkSandboxOptions(this.id, this.capabilities, options);
    const { language, reconnectable = false } = options;
    const { idleTimeoutMs = this.#config.idleTimeoutMs, lifetimeMs = this.#config.lifetimeMs } = options;
    if (!this.#isClosed) this.#telemetry.watch(() => this.#pool.describe());
    const { instance, queueMs, claimMs } = await instrumentCreate({ providerId: this.id, language }, async () => {
      if (!this.#isClosed) this.#account.prepare();
      const { tenant, maxWaitMs } = options;
      const profile = { language, isReconnectable: reconnectable };
      const toError = (error: unknown): Error => toE2bError(error, 'claim sandbox');
      return claimUsable(this.#pool, { profile, lifetimeMs, tenant, maxWaitMs, signal: call.signal, toError });
    });
    this.#pool.keepWarm({ language, isReconnectable: false });
    const end = (): Promise<void> => this.#pool.discard(instance);
    try {
      if (reconnectable) await this.#keepFor(instance, idleTimeoutMs, lifetimeMs, call);
    } catch (error) {
      await end();
      throw toE2bError(error, 'set lifetime');
    }
    return this.#sandbox(instance, { queueMs, claimMs }, { idleTimeoutMs, lifetimeMs }, end);
  }

  async connectSandbox(id: string, call: CallOptions = {}): Promise<Sandbox> {
    const operation = 'connect to sandbox';
    if (this.#isClosed) throw e2bError('SANDBOX_CLOSED', operation, 'The provider was closed.', { suggestion: 'Create a new provider.' });
    throwIfCancelled({ signal: call.signal, providerId: this.id, operation });
    this.#account.prepare();
    const { instance, remainingMs } = await this.#account.take(id, call.signal);
    this.#taken.add(instance);
    const end = async (): Promise<void> => {
      if (this.#taken.delete(instance)) await this.#account.end(instance);
    };
    const { idleTimeoutMs } = this.#config;
    try {
      await instance.lease.keepIdle(idleTimeoutMs, call.signal);
    } catch (error) {
      // It is as good as it was: somebody else, or a second attempt, may have more luck.
      this.#taken.delete(instance);
      await this.#account.letGo(instance);
      throw toE2bError(error, operation);
    }
    return this.#sandbox(instance, { queueMs: 0, claimMs: 0 }, { idleTimeoutMs, lifetimeMs: remainingMs }, end);
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
    await Promise.all([...this.#taken].map((instance) => this.#account.end(instance)));
    this.#taken.clear();
    await this.#pool.close();
    await this.#account.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #sandbox(
    instance: E2bInstance,
    claim: Pick<PhaseClock, 'queueMs' | 'claimMs'>,
    times: { readonly idleTimeoutMs: number; readonly lifetimeMs: number },
    endInstance: () => Promise<void>,
  ): Sandbox {
    const { capabilities } = this;
    return new RemoteSandbox({ capabilities, instance, claim, ...times, endInstance, onOver: () => void endInstance() });
  }

  /** Its supervisor keeps its time from now on; the service only has to keep the sandbox for as long. */
  async #keepFor(instance: E2bInstance, idleTimeoutMs: number, lifetimeMs: number, { signal }: CallOptions): Promise<void> {
    const idleEndMs = this.#config.whenIdle === 'pause' ? lifetimeMs : idleTimeoutMs;
    await Promise.all([setLifetime(instance, idleEndMs, lifetimeMs, signal), instance.lease.keepIdle(idleTimeoutMs, signal)]);
  }
}
