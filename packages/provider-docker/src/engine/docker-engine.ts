import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { SandboxError } from '@sandport/core';
import { withDeadline } from '@sandport/provider-kit';
import type Docker from 'dockerode';
import { z } from 'zod';
import { dockerError, PROVIDER_ID, statusOf, toDockerError } from '../docker-errors.ts';
import { dockerClient, openAttachStream, shownInShort } from './engine-client.ts';
import { engineFacts, engineInfoSchema, engineVersionSchema, type EngineFacts } from './engine-facts.ts';
import { describeLocation, type EngineLocation } from './engine-location.ts';
import { isPresent, locateEngine, type EngineAccess } from './locate-engine.ts';
import { removeUntilGone } from './remove-until-gone.ts';

/** How long the engine may take for an answer that costs it nothing. Callers are promised a verdict on a dead engine within 5 s. */
const PROBE_TIMEOUT_MS = 3_000;

/** How long the engine may take to make, start or remove a container. gVisor on a busy machine needs seconds. */
const CONTAINER_TIMEOUT_MS = 30_000;

/** How often a list of containers is asked for again. */
const MAX_LIST_FAILURES = 3;

/** Name of the operation that starts a container, in the errors of this provider. */
export const START_OPERATION = 'start container';

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

/** What the engine says of a container, as far as we look at it. */
export interface ContainerFacts {
  readonly id: string;
  readonly image: string;
  readonly isRunning: boolean;
  /** Of its first process, on the engine's machine; 0 when it does not run. */
  readonly processId: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** A container as a list of the engine shows it. */
export interface ListedContainer {
  readonly id: string;
  readonly name: string;
  /** As the engine names it: `created`, `running`, `exited`, … */
  readonly state: string;
  /** By the engine's clock, to the second. */
  readonly createdAtMs: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** A volume as a list of the engine shows it. */
export interface ListedVolume {
  readonly name: string;
  /** By the engine's clock, to the second. */
  readonly createdAtMs: number;
  readonly labels: Readonly<Record<string, string>>;
}

const volumesSchema = z.object({
  Volumes: z
    .array(z.object({ Name: z.string(), CreatedAt: z.string().default(''), Labels: z.record(z.string(), z.string()).nullish() }))
    .nullish(),
});

/** The ways to an engine. */
interface Clients {
  readonly location: EngineLocation;
  readonly docker: Docker;
  /** For calls that dockerode cannot abort: their sockets are closed by its own timer instead. */
  readonly probe: Docker;
}

/** The Docker Engine API as this provider uses it: every call has a deadline and throws a SandboxError. */
export class DockerEngine {
  readonly #access: EngineAccess;
  #clients: Clients | undefined;
  #hasAnswered = false;

  /** Looks for the engine with the first call, not here. */
  constructor(access: EngineAccess = {}) {
    this.#access = access;
  }

  /**
   * Where the engine is and how it was found. What has answered once stays the engine of this object; until then a socket that is gone is looked for again.
   *
   * @throws SandboxError `CONFIG_INVALID` when what names the engine cannot be read.
   */
  get location(): EngineLocation {
    return this.#connection().location;
  }

  /** Where it listens, for messages. */
  get address(): string {
    return this.location.address;
  }

  /** Whether the engine may run on this machine, so that its kernel's counters could be read here. A socket can also lead to a virtual machine. */
  get isLocal(): boolean {
    return 'socketPath' in this.location.endpoint;
  }

  get #docker(): Docker {
    return this.#connection().docker;
  }

  get #probe(): Docker {
    return this.#connection().probe;
  }

  /** @throws SandboxError `PROVIDER_UNAVAILABLE` when the engine does not answer. */
  async facts(signal?: AbortSignal): Promise<EngineFacts> {
    const [info, version] = await this.#describe(signal);
    const parsed = z.tuple([engineInfoSchema, engineVersionSchema]).safeParse([info, version]);
    if (parsed.success) return engineFacts(...parsed.data);
    throw dockerError('RESPONSE_INVALID', 'answer', `What listens at ${this.address} does not answer as a Docker engine.`, {
      suggestion: 'Set the field "dockerHost" to the address of a Docker engine.',
      cause: parsed.error,
    });
  }

  /** An engine that says nothing at all is as good as none. */
  async #describe(signal: AbortSignal | undefined): Promise<readonly [unknown, unknown]> {
    try {
      return await this.#call('answer', PROBE_TIMEOUT_MS, signal, () => Promise.all([this.#probe.info(), this.#probe.version()]));
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
    const { name, ...body } = spec;
    // Without these two names dockerode repeats the whole body in the address, which others write into their logs.
    const parts = { _query: { name }, _body: body };
    const container = await this.#call('create container', CONTAINER_TIMEOUT_MS, signal, (abortSignal) =>
      this.#docker.createContainer({ ...parts, abortSignal }),
    );
    return container.id;
  }

  /** Opens the one stream that carries input and both outputs of a container, in the engine's multiplexed form. */
  async attach(containerId: string, signal?: AbortSignal): Promise<Duplex> {
    return this.#call('attach to container', CONTAINER_TIMEOUT_MS, signal, (abortSignal) =>
      openAttachStream(this.location, containerId, abortSignal),
    );
  }

  async startContainer(containerId: string, signal?: AbortSignal): Promise<void> {
    await this.#call(START_OPERATION, CONTAINER_TIMEOUT_MS, signal, (abortSignal) =>
      this.#docker.getContainer(containerId).start({ abortSignal }),
    );
  }

  /** A container by name or id, or nothing when the engine has none. */
  async inspectContainer(name: string, signal?: AbortSignal): Promise<ContainerFacts | undefined> {
    return this.#call('inspect container', PROBE_TIMEOUT_MS, signal, async () => {
      try {
        const { Id: id, Config: config, State: state } = await this.#probe.getContainer(name).inspect();
        return { id, image: config.Image, isRunning: state.Running, processId: state.Pid, labels: config.Labels ?? {} };
      } catch (error) {
        if (statusOf(error) === 404) return undefined;
        throw error;
      }
    });
  }

  /** Containers with this label, in every state. */
  async containers(label: string, signal?: AbortSignal): Promise<ListedContainer[]> {
    const containers = await this.#call('list containers', PROBE_TIMEOUT_MS, signal, (abortSignal) =>
      this.#listContainers(label, abortSignal),
    );
    return containers.map(({ Id: id, Names: names, State: state, Created: createdAtSeconds, Labels: labels }) => ({
      id,
      name: (names[0] ?? id).replace(/^\//, ''),
      state,
      createdAtMs: createdAtSeconds * 1000,
      labels,
    }));
  }

  /** Podman's list fails when a container goes while the list is made. */
  async #listContainers(label: string, abortSignal: AbortSignal): Promise<Docker.ContainerInfo[]> {
    for (let failures = 0; ; failures += 1) {
      try {
        return await this.#docker.listContainers({ all: true, filters: { label: [label] }, abortSignal });
      } catch (error) {
        if (statusOf(error) !== 500 || failures === MAX_LIST_FAILURES) throw error;
      }
    }
  }

  /** Volumes with this label. */
  async volumes(label: string, signal?: AbortSignal): Promise<ListedVolume[]> {
    const answer: unknown = await this.#call('list volumes', PROBE_TIMEOUT_MS, signal, (abortSignal) =>
      this.#docker.listVolumes({ filters: JSON.stringify({ label: [label] }), abortSignal }),
    );
    const volumes = volumesSchema.parse(answer).Volumes ?? [];
    return volumes.map(({ Name: name, CreatedAt: createdAt, Labels: labels }) => ({
      name,
      createdAtMs: Date.parse(createdAt),
      labels: labels ?? {},
    }));
  }

  /** Makes an empty volume. */
  async createVolume(name: string, labels: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<void> {
    const parts = { _query: {}, _body: { Name: name, Labels: labels } };
    await this.#call('create volume', PROBE_TIMEOUT_MS, signal, (abortSignal) => this.#docker.createVolume({ ...parts, abortSignal }));
  }

  /** Removes a volume. One that is gone is fine. */
  async removeVolume(name: string, signal?: AbortSignal): Promise<void> {
    await this.#call('remove volume', PROBE_TIMEOUT_MS, signal, async (abortSignal) => {
      try {
        await this.#docker.getVolume(name).remove({ abortSignal });
      } catch (error) {
        if (statusOf(error) !== 404) throw error;
      }
    });
  }

  /** Ends and removes a container. One that is gone is fine. */
  async removeContainer(containerId: string): Promise<void> {
    await this.#call('remove container', CONTAINER_TIMEOUT_MS, undefined, (abortSignal) =>
      removeUntilGone(this.#docker.getContainer(containerId), abortSignal),
    );
  }

  /** The engine's events about containers with this label, as a stream of JSON texts. It does not keep the process alive. */
  async events(label: string, names: readonly string[], signal?: AbortSignal): Promise<IncomingMessage> {
    const filters: Docker.GetEventsOptions['filters'] = { type: ['container'], label: [label], event: [...names] };
    const stream = await this.#call('watch events', PROBE_TIMEOUT_MS, signal, (abortSignal) =>
      this.#docker.getEvents({ filters, abortSignal }),
    );
    // The declared type is the plain interface; it is the HTTP answer itself.
    const answer = stream as unknown as IncomingMessage;
    answer.socket.unref();
    return answer;
  }

  #connection(): Clients {
    if (this.#clients !== undefined && (this.#hasAnswered || isPresent(this.#clients.location))) return this.#clients;
    const location = locateEngine(this.#access);
    this.#clients = { location, docker: dockerClient(location), probe: dockerClient(location, PROBE_TIMEOUT_MS) };
    return this.#clients;
  }

  async #call<Result>(
    operation: string,
    timeoutMs: number,
    signal: AbortSignal | undefined,
    run: (abortSignal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    try {
      const suggestion = `Check that the Docker engine at ${this.address} is up and not overloaded.`;
      const options = { timeoutMs, signal, providerId: PROVIDER_ID, operation, suggestion };
      const result = await withDeadline(options, (abortSignal) => run(shownInShort(abortSignal)));
      this.#hasAnswered = true;
      return result;
    } catch (error) {
      throw toDockerError(error, operation, this.#clients === undefined ? undefined : describeLocation(this.#clients.location));
    }
  }
}
