import { randomUUID } from 'node:crypto';
import {
  checkSandboxOptions,
  SandboxError,
  type CallOptions,
  type CreateSandboxOptions,
  type HealthReport,
  type Language,
  type PhaseClock,
  type PoolState,
  type ProviderCapabilities,
  type Sandbox,
  type SandboxProvider,
} from '@sandport/core';
import {
  InstancePool,
  instrumentCreate,
  lifetimeFrame,
  poolChecks,
  PoolTelemetry,
  runProbe,
  setLifetime,
  SupervisedSandbox,
  throwIfCancelled,
} from '@sandport/provider-kit';
import { containerProfile, containerSpec, POOL_LABEL, profileKey, type ContainerProfile } from './container-spec.ts';
import { dockerCapabilities } from './docker-capabilities.ts';
import { DOCKER_TERMS, dockerError, PROVIDER_ID } from './docker-errors.ts';
import { checkDockerHealth } from './docker-health.ts';
import type { DockerProviderConfig } from './docker-provider-config.ts';
import { DockerEngine, START_OPERATION } from './engine/docker-engine.ts';
import type { EngineKind } from './engine/engine-facts.ts';
import { EngineEvents } from './engine/engine-events.ts';
import { Preflight } from './engine/preflight.ts';
import { Lease } from './lease/lease.ts';
import { Reaper } from './lease/reaper.ts';
import { reconnectContainer } from './container/reconnected-container.ts';
import { startSandboxContainer, type SandboxContainer } from './container/sandbox-container.ts';

/** Runs code in containers of a Docker engine: warm ones, claimed from a pool, each used by one sandbox. */
export class DockerProvider implements SandboxProvider {
  readonly specificationVersion = 'v1';
  readonly id = PROVIDER_ID;
  readonly capabilities: ProviderCapabilities;
  readonly #config: DockerProviderConfig;
  readonly #engine: DockerEngine;
  readonly #events: EngineEvents;
  readonly #preflight: Preflight;
  readonly #pool: InstancePool<ContainerProfile, SandboxContainer>;
  readonly #telemetry = new PoolTelemetry(PROVIDER_ID);
  readonly #poolId = randomUUID();
  readonly #removalFailures: string[] = [];
  readonly #lease: Lease;
  readonly #reaper: Reaper;
  /** Containers that were connected to by their id: they are nobody's to hand out. */
  readonly #connected = new Set<SandboxContainer>();
  #containerCount = 0;
  #isClosed = false;

  constructor(config: DockerProviderConfig) {
    this.#config = config;
    this.capabilities = dockerCapabilities(config);
    this.#engine = new DockerEngine(config);
    this.#events = new EngineEvents({
      engine: this.#engine,
      label: `${POOL_LABEL}=${this.#poolId}`,
      onLost: () => this.#preflight.forget(),
    });
    this.#preflight = new Preflight(this.#engine, config);
    const onFailure = (error: unknown): void => this.#noteRemovalFailure('what was left behind', error);
    this.#lease = new Lease({
      engine: this.#engine,
      poolId: this.#poolId,
      onFailure: (error) => this.#noteRemovalFailure('lease of the pool', error),
    });
    this.#reaper = new Reaper({ engine: this.#engine, onFailure });
    this.#pool = new InstancePool({
      terms: DOCKER_TERMS,
      minIdle: config.warmContainers,
      maxIdle: config.maxIdleContainers,
      maxInstances: config.maxContainers,
      maxQueueLength: config.maxQueueLength,
      queueTimeoutMs: config.queueTimeoutMs,
      keyOf: profileKey,
      // An unused one of these would outlive us.
      keepsIdle: (profile) => !profile.isReconnectable,
      observer: this.#telemetry,
      start: (profile, signal) => this.#start(profile, signal),
      remove: (container) => this.#remove(container),
    });
  }

  async createSandbox(options: CreateSandboxOptions, call: CallOptions = {}): Promise<Sandbox> {
    checkSandboxOptions(this.id, this.capabilities, options);
    const { tenant, maxWaitMs } = options;
    const { idleTimeoutMs = this.#config.idleTimeoutMs, lifetimeMs = this.#config.lifetimeMs } = options;
    const profile = containerProfile(this.#config, options);
    if (profile.isReconnectable) await this.#refuseUnlessReconnectable(options.language, call.signal);
    if (!this.#isClosed) this.#telemetry.watch(() => this.#pool.describe());
    const {
      instance: container,
      queueMs,
      claimMs,
    } = await instrumentCreate({ providerId: this.id, language: options.language }, () =>
      this.#pool.claim(profile, { tenant, maxWaitMs, signal: call.signal }),
    );
    this.#pool.keepWarm(containerProfile(this.#config, { language: options.language }));
    try {
      if (profile.isReconnectable) await setLifetime(container, idleTimeoutMs, lifetimeMs, call.signal);
    } catch (error) {
      await this.#pool.discard(container);
      throw error;
    }
    return this.#sandbox(container, { queueMs, claimMs }, { idleTimeoutMs, lifetimeMs }, () => this.#pool.discard(container));
  }

  async connectSandbox(id: string, call: CallOptions = {}): Promise<Sandbox> {
    if (this.#isClosed) throw closedError();
    throwIfCancelled({ signal: call.signal, providerId: this.id, operation: 'connect to sandbox' });
    const { container, remainingMs } = await reconnectContainer({
      engine: this.#engine,
      events: this.#events,
      name: id,
      demandedIsolation: this.#config.isolation,
      signal: call.signal,
    });
    this.#connected.add(container);
    const times = { idleTimeoutMs: this.#config.idleTimeoutMs, lifetimeMs: remainingMs };
    return this.#sandbox(container, { queueMs: 0, claimMs: 0 }, times, async () => {
      if (this.#connected.delete(container)) await this.#remove(container);
    });
  }

  async checkHealth(call: CallOptions = {}): Promise<HealthReport> {
    return checkDockerHealth({
      engine: this.#engine,
      config: this.#config,
      removalFailures: this.#removalFailures,
      poolChecks: () => poolChecks(DOCKER_TERMS, this.#pool.describe()),
      probe: (language) => runProbe(this, language, call),
    });
  }

  describePool(): PoolState {
    return this.#pool.state();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#telemetry.close();
    for (const container of this.#connected) container.connection.close();
    this.#connected.clear();
    await this.#pool.close();
    await this.#reaper.close();
    await this.#lease.release();
    this.#events.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #sandbox(
    container: SandboxContainer,
    claim: Pick<PhaseClock, 'queueMs' | 'claimMs'>,
    times: { readonly idleTimeoutMs: number; readonly lifetimeMs: number },
    endInstance: () => Promise<void>,
  ): SupervisedSandbox {
    const { capabilities } = this;
    return new SupervisedSandbox({
      capabilities,
      instance: container,
      claim,
      ...times,
      endInstance,
      onOver: () => void endInstance(),
    });
  }

  /** Podman closes the input of a container with the first connection to it; what is inside takes that for the end. */
  async #refuseUnlessReconnectable(language: Language, signal: AbortSignal | undefined): Promise<void> {
    if ((await this.#preflight.check(language, signal)).kind !== 'podman') return;
    throw dockerError('CAPABILITY_UNSUPPORTED', 'create sandbox', 'Podman keeps no sandbox for another connection.', {
      suggestion: 'Leave "reconnectable" out, or use a Docker engine.',
      details: { field: 'reconnectable' },
    });
  }

  /** A start that the engine fumbled is tried once more, in a new container: no program is involved yet. */
  async #start(profile: ContainerProfile, signal: AbortSignal): Promise<SandboxContainer> {
    const { kind } = await this.#preflight.check(profile.language, signal);
    await this.#lease.take();
    this.#reaper.start();
    try {
      return await this.#startOnce(profile, kind, signal);
    } catch (error) {
      if (!SandboxError.isInstance(error) || error.operation !== START_OPERATION || !error.retryable) throw error;
      return this.#startOnce(profile, kind, signal);
    }
  }

  async #startOnce(profile: ContainerProfile, kind: EngineKind, signal: AbortSignal): Promise<SandboxContainer> {
    this.#containerCount += 1;
    const name = `sandport-${this.#poolId}-${this.#containerCount}`;
    try {
      return await startSandboxContainer({
        engine: this.#engine,
        events: this.#events,
        name,
        profile,
        spec: containerSpec(this.#config, profile, this.#poolId, kind),
        demandedIsolation: this.#config.isolation,
        signal,
      });
    } catch (error) {
      // An engine whose connection was lost may still make what it was asked for, after it said that there is nothing to remove.
      this.#reaper.owe(name);
      throw error;
    }
  }

  #noteRemovalFailure(what: string, error: unknown): void {
    this.#removalFailures.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    this.#removalFailures.splice(0, this.#removalFailures.length - MAX_REMOVAL_FAILURES);
  }

  /**
   * Our closed stream makes the supervisor exit, and the engine removes what has exited: the gentlest end, and the quickest. A container that is not gone
   * soon is removed by force. One that outlives its connections is told to exit, unless it is merely let go of: it has another holder, or we are closing.
   */
  async #remove(container: SandboxContainer): Promise<void> {
    const { connection, outlivesConnection } = container;
    const isLetGo = outlivesConnection && (this.#isClosed || connection.end?.isTakenOver === true);
    if (outlivesConnection && !isLetGo) connection.send([lifetimeFrame(0, 0)]);
    else connection.close();
    try {
      const isGone = isLetGo || (await this.#events.isRemovedWithin(container.containerId, OWN_END_TIMEOUT_MS));
      // Whoever took it over meanwhile has it now.
      if (!isGone && connection.end?.isTakenOver !== true) await this.#engine.removeContainer(container.id);
    } catch (error) {
      this.#noteRemovalFailure(container.id, error);
      this.#reaper.owe(container.id);
    } finally {
      connection.close();
      this.#events.forget(container.containerId);
    }
  }
}

function closedError(): SandboxError {
  return dockerError('SANDBOX_CLOSED', 'connect to sandbox', 'The provider was closed.', { suggestion: 'Create a new provider.' });
}

const MAX_REMOVAL_FAILURES = 10;

/** How long a container may take to end by itself. */
const OWN_END_TIMEOUT_MS = 1_000;
