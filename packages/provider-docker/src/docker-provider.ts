import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import {
  checkSandboxOptions,
  SandboxError,
  type CallOptions,
  type CreateSandboxOptions,
  type HealthReport,
  type ProviderCapabilities,
  type Sandbox,
  type SandboxProvider,
} from '@sandport/core';
import { containerProfile, containerSpec, POOL_LABEL, type ContainerProfile } from './container-spec.ts';
import { dockerCapabilities } from './docker-capabilities.ts';
import { PROVIDER_ID } from './docker-errors.ts';
import { checkDockerHealth } from './docker-health.ts';
import type { DockerProviderConfig } from './docker-provider-config.ts';
import { DockerSandbox } from './docker-sandbox.ts';
import { DockerEngine, START_OPERATION } from './engine/docker-engine.ts';
import { EngineEvents } from './engine/engine-events.ts';
import { Preflight } from './engine/preflight.ts';
import { removeStaleContainers } from './engine/stale-containers.ts';
import { ContainerPool } from './pool/container-pool.ts';
import { startSandboxContainer, type SandboxContainer } from './pool/sandbox-container.ts';

/** Runs code in containers of a Docker engine: warm ones, claimed from a pool, each used once. */
export class DockerProvider implements SandboxProvider {
  readonly specificationVersion = 'v1';
  readonly id = PROVIDER_ID;
  readonly capabilities: ProviderCapabilities;
  readonly #config: DockerProviderConfig;
  readonly #engine: DockerEngine;
  readonly #events: EngineEvents;
  readonly #preflight: Preflight;
  readonly #pool: ContainerPool;
  readonly #poolId = randomUUID();
  readonly #removalFailures: string[] = [];
  #containerCount = 0;
  #tidying: Promise<void> | undefined;

  constructor(config: DockerProviderConfig) {
    this.#config = config;
    this.capabilities = dockerCapabilities(config);
    this.#engine = new DockerEngine(config.dockerHost);
    this.#events = new EngineEvents(this.#engine, `${POOL_LABEL}=${this.#poolId}`);
    this.#preflight = new Preflight(this.#engine, config);
    this.#pool = new ContainerPool({
      warmContainers: config.warmContainers,
      maxContainers: config.maxContainers,
      queueTimeoutMs: config.queueTimeoutMs,
      start: (profile, signal) => this.#start(profile, signal),
      remove: (container) => this.#remove(container),
    });
  }

  async createSandbox(options: CreateSandboxOptions, call: CallOptions = {}): Promise<Sandbox> {
    checkSandboxOptions(this.id, this.capabilities, options);
    const began = performance.now();
    const profile = containerProfile(this.#config, options.language, options.limits ?? {});
    const container = await this.#pool.claim(profile, call.signal);
    this.#pool.keepWarm(containerProfile(this.#config, options.language, {}));
    return new DockerSandbox({
      capabilities: this.capabilities,
      container,
      events: this.#events,
      claim: { queueMs: 0, claimMs: performance.now() - began },
      endContainer: () => this.#pool.discard(container),
    });
  }

  async checkHealth(call: CallOptions = {}): Promise<HealthReport> {
    return checkDockerHealth({
      engine: this.#engine,
      config: this.#config,
      removalFailures: this.#removalFailures,
      probe: async (language) => {
        const sandbox = await this.createSandbox({ language }, call);
        try {
          return await sandbox.execute({ language, code: PROBE_CODE[language], limits: { timeoutMs: 10_000 } }, call);
        } finally {
          await sandbox.destroy();
        }
      },
    });
  }

  async close(): Promise<void> {
    await this.#pool.close();
    await this.#tidying;
    this.#events.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** A start that the engine fumbled is tried once more, in a new container: no program is involved yet. */
  async #start(profile: ContainerProfile, signal: AbortSignal): Promise<SandboxContainer> {
    await this.#preflight.check(profile.language, signal);
    this.#tidying ??= this.#tidy();
    try {
      return await this.#startOnce(profile, signal);
    } catch (error) {
      if (!SandboxError.isInstance(error) || error.operation !== START_OPERATION || !error.retryable) throw error;
      return this.#startOnce(profile, signal);
    }
  }

  #startOnce(profile: ContainerProfile, signal: AbortSignal): Promise<SandboxContainer> {
    this.#containerCount += 1;
    return startSandboxContainer({
      engine: this.#engine,
      events: this.#events,
      name: `sandport-${this.#poolId}-${this.#containerCount}`,
      profile,
      spec: containerSpec(this.#config, profile, this.#poolId),
      demandedIsolation: this.#config.isolation,
      signal,
    });
  }

  /** Once in the life of a provider, beside the first call. */
  async #tidy(): Promise<void> {
    try {
      await removeStaleContainers(this.#engine);
    } catch (error) {
      this.#noteRemovalFailure('containers left behind', error);
    }
  }

  #noteRemovalFailure(what: string, error: unknown): void {
    this.#removalFailures.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    this.#removalFailures.splice(0, this.#removalFailures.length - MAX_REMOVAL_FAILURES);
  }

  /**
   * Our closed stream makes the supervisor exit, and the engine removes what has exited: the gentlest end, and the quickest. A container that is not gone
   * soon is removed by force.
   */
  async #remove(container: SandboxContainer): Promise<void> {
    container.connection.close();
    try {
      if (!(await this.#events.isRemovedWithin(container.id, OWN_END_TIMEOUT_MS))) await this.#engine.removeContainer(container.name);
    } catch (error) {
      this.#noteRemovalFailure(container.name, error);
    } finally {
      this.#events.forget(container.id);
    }
  }
}

const MAX_REMOVAL_FAILURES = 10;

/** How long a container may take to end by itself. */
const OWN_END_TIMEOUT_MS = 1_000;

const PROBE_CODE = {
  python: 'def main():\n    return "ready"\n',
  javascript: 'function main() { return "ready"; }\n',
} as const;
