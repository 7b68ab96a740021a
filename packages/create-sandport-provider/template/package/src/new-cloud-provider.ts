import {
  checkSandboxOptions,
  type CallOptions,
  type CreateSandboxOptions,
  type HealthReport,
  type Language,
  type PoolState,
  type ProviderCapabilities,
  type Sandbox,
  type SandboxProvider,
} from '@sandport/core';
import { claimUsable, InstancePool, instrumentCreate, PoolTelemetry, RemoteSandbox, runProbe, withDeadline } from '@sandport/provider-kit';
import { newCloudCapabilities } from './new-cloud-capabilities.ts';
import { NEW_CLOUD_TERMS, newCloudError, PROVIDER_ID, toNewCloudError } from './new-cloud-errors.ts';
import { checkNewCloudHealth } from './new-cloud-health.ts';
import type { NewCloudProviderConfig } from './new-cloud-provider-config.ts';
import { openInstance, type NewCloudInstance } from './sandbox/new-cloud-instance.ts';
import type { SandboxService } from './service/sandbox-service.ts';

const CREATE_TIMEOUT_MS = 60_000;
const DELETE_TIMEOUT_MS = 30_000;

/** Runs code in sandboxes of a service: one for each call, or one that its caller keeps, and none that anybody else had before. */
export class NewCloudProvider implements SandboxProvider {
  readonly specificationVersion = 'v1';
  readonly id = PROVIDER_ID;
  readonly capabilities: ProviderCapabilities;
  readonly #config: NewCloudProviderConfig;
  readonly #service: SandboxService;
  readonly #pool: InstancePool<Language, NewCloudInstance>;
  readonly #telemetry = new PoolTelemetry(PROVIDER_ID);
  /** What could not be ended. It is tried again when the provider is closed. */
  readonly #leftBehind = new Set<string>();
  #isClosed = false;

  constructor(config: NewCloudProviderConfig, service: SandboxService) {
    this.#config = config;
    this.#service = service;
    this.capabilities = newCloudCapabilities(config);
    this.#pool = new InstancePool({
      terms: NEW_CLOUD_TERMS,
      minIdle: config.warmSandboxes,
      maxIdle: config.maxIdleSandboxes,
      maxInstances: config.maxSandboxes,
      maxQueueLength: config.maxQueueLength,
      queueTimeoutMs: config.queueTimeoutMs,
      keyOf: (language) => language,
      observer: this.#telemetry,
      start: (language, signal) => this.#open(language, signal),
      remove: (instance) => this.#remove(instance),
    });
  }

  async createSandbox(options: CreateSandboxOptions, call: CallOptions = {}): Promise<Sandbox> {
    checkSandboxOptions(this.id, this.capabilities, options);
    const { language, tenant, maxWaitMs } = options;
    const { idleTimeoutMs = this.#config.idleTimeoutMs, lifetimeMs = this.#config.lifetimeMs } = options;
    if (!this.#isClosed) this.#telemetry.watch(() => this.#pool.describe());
    const toError = (error: unknown): Error => toNewCloudError(error, 'claim sandbox');
    const { instance, queueMs, claimMs } = await instrumentCreate({ providerId: this.id, language }, () =>
      claimUsable(this.#pool, { profile: language, lifetimeMs, tenant, maxWaitMs, signal: call.signal, toError }),
    );
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
      newCloudError('CAPABILITY_UNSUPPORTED', 'connect to sandbox', 'A sandbox of this provider ends with the process that made it.', {
        suggestion: 'Keep the sandbox object, or choose a provider whose capabilities name "reconnect".',
      }),
    );
  }

  async checkHealth(call: CallOptions = {}): Promise<HealthReport> {
    return checkNewCloudHealth({
      warning: this.#service.warning,
      leftBehind: this.#leftBehind,
      describePool: () => this.#pool.describe(),
      probe: (language) => runProbe(this, language, call),
    });
  }

  describePool(): PoolState {
    return this.#pool.state();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#telemetry.close();
    await this.#pool.close();
    await Promise.all([...this.#leftBehind].map((id) => this.#delete(id)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #open(language: Language, signal: AbortSignal): Promise<NewCloudInstance> {
    try {
      const deadline = { timeoutMs: CREATE_TIMEOUT_MS, signal, providerId: PROVIDER_ID, operation: 'create sandbox' };
      const made = await withDeadline(deadline, (own) => this.#service.createSandbox(own));
      try {
        return await openInstance(this.#service, made, language, signal);
      } catch (error) {
        await this.#delete(made.id);
        throw error;
      }
    } catch (error) {
      throw toNewCloudError(error, 'create sandbox');
    }
  }

  async #remove({ id, connection }: NewCloudInstance): Promise<void> {
    connection.close();
    await this.#delete(id);
  }

  /** Never rejects: what could not be ended is told by the provider's health. */
  async #delete(id: string): Promise<void> {
    this.#leftBehind.add(id);
    const deadline = { timeoutMs: DELETE_TIMEOUT_MS, providerId: PROVIDER_ID, operation: 'end sandbox' };
    const [ended] = await Promise.allSettled([withDeadline(deadline, (own) => this.#service.deleteSandbox(id, own))]);
    if (ended.status === 'fulfilled') this.#leftBehind.delete(id);
  }
}
