import {
  checkSandboxOptions,
  type CallOptions,
  type CreateSandboxOptions,
  type HealthReport,
  type PoolState,
  type ProviderCapabilities,
  type Sandbox,
  type SandboxProvider,
} from '@sandport/core';
import { InstancePool, instrumentCreate, PoolTelemetry, runProbe, SupervisedSandbox } from '@sandport/provider-kit';
import { ChildLauncher } from './child/child-launcher.ts';
import { childProfile, profileKey, type ChildProfile } from './child-profile.ts';
import { greetChild, type ChildInstance } from './instance/child-instance.ts';
import { wasmCapabilities } from './wasm-capabilities.ts';
import { PROVIDER_ID, WASM_TERMS, wasmError } from './wasm-errors.ts';
import { checkWasmHealth } from './wasm-health.ts';
import type { WasmProviderConfig } from './wasm-provider-config.ts';

/** Runs code in WebAssembly: each program in a child process of its own, booted before it is asked for and never used again. */
export class WasmProvider implements SandboxProvider {
  readonly specificationVersion = 'v1';
  readonly id = PROVIDER_ID;
  readonly capabilities: ProviderCapabilities;
  readonly #config: WasmProviderConfig;
  readonly #launcher: ChildLauncher;
  readonly #pool: InstancePool<ChildProfile, ChildInstance>;
  readonly #telemetry = new PoolTelemetry(PROVIDER_ID);
  #isClosed = false;

  constructor(config: WasmProviderConfig) {
    this.#config = config;
    this.capabilities = wasmCapabilities(config);
    this.#launcher = new ChildLauncher(config);
    this.#pool = new InstancePool({
      terms: WASM_TERMS,
      minIdle: config.warmChildren,
      maxIdle: config.maxIdleChildren,
      maxInstances: config.maxChildren,
      maxQueueLength: config.maxQueueLength,
      queueTimeoutMs: config.queueTimeoutMs,
      keyOf: profileKey,
      observer: this.#telemetry,
      start: (profile, signal) => this.#start(profile, signal),
      remove: endInstance,
    });
  }

  async createSandbox(options: CreateSandboxOptions, call: CallOptions = {}): Promise<Sandbox> {
    checkSandboxOptions(this.id, this.capabilities, options);
    const { language, tenant, maxWaitMs } = options;
    const { idleTimeoutMs = this.#config.idleTimeoutMs, lifetimeMs = this.#config.lifetimeMs } = options;
    if (!this.#isClosed) this.#telemetry.watch(() => this.#pool.describe());
    const { instance, queueMs, claimMs } = await instrumentCreate({ providerId: this.id, language }, () =>
      this.#pool.claim(childProfile(this.#config, options), { tenant, maxWaitMs, signal: call.signal }),
    );
    this.#pool.keepWarm(childProfile(this.#config, { language }));
    const end = (): Promise<void> => this.#pool.discard(instance);
    return new SupervisedSandbox({
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
      wasmError('CAPABILITY_UNSUPPORTED', 'connect to sandbox', 'A sandbox of this provider ends with the process that made it.', {
        suggestion: 'Keep the sandbox object, or choose a provider whose capabilities name "reconnect".',
      }),
    );
  }

  async checkHealth(call: CallOptions = {}): Promise<HealthReport> {
    return checkWasmHealth({
      launcher: this.#launcher,
      signal: call.signal,
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
    await this.#launcher.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #start(profile: ChildProfile, signal: AbortSignal): Promise<ChildInstance> {
    return greetChild(await this.#launcher.launch(profile, signal), profile, signal);
  }
}

/** A child process is told nothing: it is ended, whatever it does. */
async function endInstance({ connection, child }: ChildInstance): Promise<void> {
  connection.close();
  child.kill();
  await child.exited;
}
