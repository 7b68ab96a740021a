import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { SandboxError } from '@sandport/core';
import { withDeadline } from '@sandport/provider-kit';
import Docker from 'dockerode';
import { z } from 'zod';
import { dockerError, PROVIDER_ID, statusOf, toDockerError } from '../docker-errors.ts';
import { connectionOptions } from './connection-options.ts';

/** How long the engine may take for an answer that costs it nothing. Callers are promised a verdict on a dead engine within 5 s. */
const PROBE_TIMEOUT_MS = 3_000;

/** How long the engine may take to make, start or remove a container. gVisor on a busy machine needs seconds. */
const CONTAINER_TIMEOUT_MS = 30_000;

/** Name of the operation that starts a container, in the errors of this provider. */
export const START_OPERATION = 'start container';

/** What the engine says of itself, as far as we look at it. */
export interface EngineFacts {
  readonly version: string;
  readonly operatingSystem: string;
  readonly runtimes: readonly string[];
  readonly cgroupVersion: string;
  /** Processor architecture, for example `x86_64`. */
  readonly architecture: string;
}

/** What the engine says of an image, as far as we look at it. */
export interface ImageFacts {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What the engine says of a container, as far as we look at it. */
export interface ContainerFacts {
  readonly id: string;
  readonly image: string;
  readonly isRunning: boolean;
  readonly labels: Readonly<Record<string, string>>;
}

/** The part of the engine's own description that we read. */
const engineInfoSchema = z.object({
  ServerVersion: z.string().default('unknown'),
  OperatingSystem: z.string().default('unknown'),
  Runtimes: z.record(z.string(), z.unknown()).nullish(),
  CgroupVersion: z.string().default('1'),
  Architecture: z.string().default('unknown'),
});

/** The Docker Engine API as this provider uses it: every call has a deadline and throws a SandboxError. */
export class DockerEngine {
  readonly #docker: Docker;
  /** For calls that dockerode cannot abort: their sockets are closed by its own timer instead. */
  readonly #probe: Docker;
  /** Where it listens, for messages. */
  readonly address: string;

  /** Whether the engine runs on this machine, so that its kernel's counters can be read here. */
  get isLocal(): boolean {
    return this.address.startsWith('unix://');
  }

  constructor(dockerHost: string | undefined) {
    const { address, options } = connectionOptions(dockerHost);
    this.address = address;
    this.#docker = new Docker(options);
    this.#probe = new Docker({ ...options, timeout: PROBE_TIMEOUT_MS });
  }

  /** @throws SandboxError `PROVIDER_UNAVAILABLE` when the engine does not answer. */
  async facts(signal?: AbortSignal): Promise<EngineFacts> {
    const info = engineInfoSchema.safeParse(await this.#info(signal));
    if (!info.success) {
      throw dockerError('RESPONSE_INVALID', 'answer', `What listens at ${this.address} does not answer as a Docker engine.`, {
        suggestion: 'Set the field "dockerHost" to the address of a Docker engine.',
        cause: info.error,
      });
    }
    return {
      version: info.data.ServerVersion,
      operatingSystem: info.data.OperatingSystem,
      runtimes: Object.keys(info.data.Runtimes ?? {}),
      cgroupVersion: info.data.CgroupVersion,
      architecture: info.data.Architecture,
    };
  }

  /** An engine that says nothing at all is as good as none. */
  async #info(signal: AbortSignal | undefined): Promise<unknown> {
    try {
      return await this.#call<unknown>('answer', PROBE_TIMEOUT_MS, signal, () => this.#probe.info());
    } catch (error) {
      if (!SandboxError.isInstance(error) || error.code !== 'DEADLINE_EXCEEDED') throw error;
      throw dockerError('PROVIDER_UNAVAILABLE', 'answer', `The Docker engine at ${this.address} does not answer.`, {
        suggestion: error.suggestion ?? 'Restart the Docker engine.',
        cause: error,
      });
    }
  }

  /** The image, or nothing when the engine does not have it. */
  async image(tag: string, signal?: AbortSignal): Promise<ImageFacts | undefined> {
    return this.#call('inspect image', PROBE_TIMEOUT_MS, signal, async () => {
      try {
        const image = await this.#probe.getImage(tag).inspect();
        return { id: image.Id, labels: image.Config.Labels ?? {} };
      } catch (error) {
        if (statusOf(error) === 404) return undefined;
        throw error;
      }
    });
  }

  /** Makes a container and gives its id. It is not started. */
  async createContainer(spec: Docker.ContainerCreateOptions, signal?: AbortSignal): Promise<string> {
    const container = await this.#call('create container', CONTAINER_TIMEOUT_MS, signal, (abortSignal) =>
      this.#docker.createContainer({ ...spec, abortSignal }),
    );
    return container.id;
  }

  /** Opens the one stream that carries input and both outputs of a container, in the engine's multiplexed form. */
  async attach(containerId: string, signal?: AbortSignal): Promise<Duplex> {
    return this.#call('attach to container', CONTAINER_TIMEOUT_MS, signal, async (abortSignal) => {
      const options = { stream: true, hijack: true, stdin: true, stdout: true, stderr: true, abortSignal };
      const stream = await this.#docker.getContainer(containerId).attach(options);
      // The declared type is the plain interface; over a hijacked connection it is the socket itself.
      return stream as unknown as Duplex;
    });
  }

  async startContainer(containerId: string, signal?: AbortSignal): Promise<void> {
    await this.#call(START_OPERATION, CONTAINER_TIMEOUT_MS, signal, (abortSignal) =>
      this.#docker.getContainer(containerId).start({ abortSignal }),
    );
  }

  /** Process id of a container's first process on the engine's machine; 0 when it does not run. */
  async containerProcessId(containerId: string, signal?: AbortSignal): Promise<number> {
    const container = await this.#call('inspect container', PROBE_TIMEOUT_MS, signal, () =>
      this.#probe.getContainer(containerId).inspect(),
    );
    return container.State.Pid;
  }

  /** A container by its name, or nothing when there is none. */
  async inspectContainer(name: string, signal?: AbortSignal): Promise<ContainerFacts | undefined> {
    return this.#call('inspect container', PROBE_TIMEOUT_MS, signal, async () => {
      try {
        const container = await this.#probe.getContainer(name).inspect();
        return { id: container.Id, image: container.Config.Image, isRunning: container.State.Running, labels: container.Config.Labels };
      } catch (error) {
        if (statusOf(error) === 404) return undefined;
        throw error;
      }
    });
  }

  /** Containers with this label that were made or have ended, and do not run. */
  async containersThatDoNotRun(label: string): Promise<{ readonly id: string; readonly name: string; readonly createdAtMs: number }[]> {
    const filters = { label: [label], status: ['created', 'exited', 'dead'] };
    const containers = await this.#call('list containers', PROBE_TIMEOUT_MS, undefined, (abortSignal) =>
      this.#docker.listContainers({ all: true, filters, abortSignal }),
    );
    return containers.map(({ Id: id, Names: names, Created: createdAtSeconds }) => ({
      id,
      name: names[0] ?? id,
      createdAtMs: createdAtSeconds * 1000,
    }));
  }

  /** Ends and removes a container. One that is gone, or going already, is fine. */
  async removeContainer(containerId: string): Promise<void> {
    await this.#call('remove container', CONTAINER_TIMEOUT_MS, undefined, async (abortSignal) => {
      try {
        await this.#docker.getContainer(containerId).remove({ force: true, v: true, abortSignal });
      } catch (error) {
        const status = statusOf(error);
        if (status !== 404 && status !== 409) throw error;
      }
    });
  }

  /** The engine's events about containers with this label, as a stream of JSON texts. It does not keep the process alive. */
  async events(label: string, names: readonly string[], signal?: AbortSignal): Promise<IncomingMessage> {
    const filters: Docker.GetEventsOptions['filters'] = { type: ['container'], label: [label], event: [...names] };
    const stream = await this.#call('watch events', PROBE_TIMEOUT_MS, signal, () => this.#docker.getEvents({ filters }));
    // The declared type is the plain interface; it is the HTTP answer itself.
    const answer = stream as unknown as IncomingMessage;
    answer.socket.unref();
    return answer;
  }

  async #call<Result>(
    operation: string,
    timeoutMs: number,
    signal: AbortSignal | undefined,
    run: (abortSignal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    const suggestion = `Check that the Docker engine at ${this.address} is up and not overloaded.`;
    try {
      return await withDeadline({ timeoutMs, signal, providerId: PROVIDER_ID, operation, suggestion }, run);
    } catch (error) {
      throw toDockerError(error, operation);
    }
  }
}
