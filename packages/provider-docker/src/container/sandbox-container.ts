import { Buffer } from 'node:buffer';
import { ISOLATION_KINDS, type IsolationKind, type MeasuredIsolation } from '@sandport/core';
import { encodeFrame, FRAME, readHello, SupervisorConnection, type Hello, type SupervisedInstance } from '@sandport/provider-kit';
import type { ContainerCreateOptions } from 'dockerode';
import { TOKEN_LABEL, type ContainerProfile } from '../container-spec.ts';
import { DOCKER_TERMS, dockerError } from '../docker-errors.ts';
import type { DockerEngine } from '../engine/docker-engine.ts';
import { findMemoryCounter, type ContainerMemory } from '../engine/memory-counter.ts';
import type { EngineEvents } from '../engine/engine-events.ts';
import { AttachedStream } from '../engine/attached-stream.ts';
import { ContainerWitness } from './container-witness.ts';

/** A container whose supervisor has spoken and whose child waits for a job. */
export interface SandboxContainer extends SupervisedInstance {
  /** The name of the container, which is the id of the sandbox. */
  readonly id: string;
  /** The engine's own id. */
  readonly containerId: string;
}

/** The parts of a container that waits for a job. */
export interface ContainerParts {
  readonly name: string;
  readonly containerId: string;
  readonly profile: ContainerProfile;
  readonly connection: SupervisorConnection;
  readonly isolation: MeasuredIsolation;
  readonly events: EngineEvents;
  readonly memory: ContainerMemory | null;
}

/** A container as an instance of the pool. */
export function sandboxContainer({ name, containerId, profile, connection, isolation, events, memory }: ContainerParts): SandboxContainer {
  return {
    id: name,
    containerId,
    language: profile.language,
    limits: profile.limits,
    connection,
    isolation,
    outlivesConnection: profile.isReconnectable,
    endsPrograms: true,
    witness: new ContainerWitness({ events, containerId, memory, limitBytes: profile.limits.memoryBytes }),
  };
}

/** What a container is started from. */
export interface ContainerStart {
  readonly engine: DockerEngine;
  readonly events: EngineEvents;
  readonly name: string;
  readonly profile: ContainerProfile;
  readonly spec: ContainerCreateOptions;
  readonly demandedIsolation: 'gvisor' | 'runc';
  readonly signal: AbortSignal;
}

/** From the container's start to the supervisor's first word. Node under gVisor on a busy machine needs seconds. */
const BOOT_TIMEOUT_MS = 30_000;

/**
 * Starts a container and waits until it can take a job. On every failure the container is removed again.
 *
 * @throws SandboxError `ISOLATION_MISMATCH` when what was measured inside is weaker than what was demanded; `RUNTIME_MISSING` when the
 *   image is of another version; `PROVIDER_UNAVAILABLE`, `DEADLINE_EXCEEDED`, `CANCELLED`.
 */
export async function startSandboxContainer(start: ContainerStart): Promise<SandboxContainer> {
  const { engine, events, name, profile, signal } = start;
  let connection: SupervisorConnection | undefined;
  try {
    await events.open();
    const containerId = await engine.createContainer({ ...start.spec, name }, signal);
    events.watch(containerId);
    connection = new SupervisorConnection(DOCKER_TERMS, new AttachedStream(await engine.attach(name, signal)));
    await engine.startContainer(name, signal);
    const isolation = await greet(connection, start);
    const token = start.spec.Labels?.[TOKEN_LABEL];
    if (token !== undefined) connection.send([encodeFrame(FRAME.token, Buffer.from(token, 'hex'))]);
    const memory = await findMemory(engine, name, isolation, signal);
    return sandboxContainer({ name, containerId, profile, connection, isolation, events, memory });
  } catch (error) {
    connection?.close();
    // By its own name, since a create that was given up may still have come about.
    const [removal] = await Promise.allSettled([engine.removeContainer(name)]);
    if (removal.status === 'fulfilled') throw error;
    throw dockerError('PROVIDER_UNAVAILABLE', 'remove container', `The container ${name} could neither be started nor removed.`, {
      suggestion: `Remove it with "docker rm --force ${name}" once the engine answers again.`,
      cause: new AggregateError([error, removal.reason], 'starting and removing failed'),
    });
  }
}

/** A container shows its own counter under runc, and none under gVisor. */
export async function findMemory(
  engine: DockerEngine,
  name: string,
  isolation: MeasuredIsolation,
  signal: AbortSignal | undefined,
): Promise<ContainerMemory | null> {
  const counter = isolation.kind === 'gvisor' ? await findMemoryCounter(engine, name, signal) : null;
  return counter === null ? null : { counter, seenKills: 0 };
}

async function greet(connection: SupervisorConnection, start: ContainerStart): Promise<MeasuredIsolation> {
  const { isolation } = await readContainerHello(connection, start.signal, String(start.spec.Image));
  return checkIsolation(isolation, start.demandedIsolation);
}

/**
 * Waits for the supervisor's first word.
 *
 * @throws SandboxError `RUNTIME_MISSING` when the image is of another version, `DEADLINE_EXCEEDED`, `CANCELLED`, `PROVIDER_UNAVAILABLE`.
 */
export function readContainerHello(connection: SupervisorConnection, signal: AbortSignal | undefined, image: string): Promise<Hello> {
  return readHello(connection, {
    timeoutMs: BOOT_TIMEOUT_MS,
    signal,
    suggestion: 'Look at the load of the engine\'s machine, and run "sandport doctor".',
    versionError: () =>
      dockerError('RUNTIME_MISSING', 'boot supervisor', `The image "${image}" is not of this version of Sandport.`, {
        suggestion: 'Run "sandport images build".',
      }),
  });
}

/** gVisor where runc was demanded is stronger than promised and therefore fine; the reverse is not. */
export function checkIsolation(measured: { kind: string; measuredBy: string }, demanded: 'gvisor' | 'runc'): MeasuredIsolation {
  const kind = ISOLATION_KINDS.find((known) => known === measured.kind);
  if (kind !== undefined && strengthOf(kind) >= strengthOf(demanded)) return { kind, measuredBy: measured.measuredBy };
  throw dockerError(
    'ISOLATION_MISMATCH',
    'measure isolation',
    `The isolation "${demanded}" was demanded, but "${measured.kind}" was measured inside the container.`,
    {
      suggestion: `Register a runtime that gives "${demanded}" with the engine, or change the field "isolation" or "runtime".`,
      details: { demanded, measured: measured.kind },
    },
  );
}

function strengthOf(kind: IsolationKind): number {
  return kind === 'gvisor' ? 2 : Number(kind === 'runc');
}
