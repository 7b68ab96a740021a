import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { LANGUAGES } from '@sandport/core';
import { SupervisorConnection } from '@sandport/provider-kit';
import { z } from 'zod';
import { PROFILE_LABEL, TOKEN_LABEL, type ContainerProfile } from '../container-spec.ts';
import { DOCKER_TERMS, dockerError } from '../docker-errors.ts';
import type { DockerEngine } from '../engine/docker-engine.ts';
import { AttachedStream } from '../engine/attached-stream.ts';
import type { EngineEvents } from '../engine/engine-events.ts';
import { checkIsolation, findMemory, readContainerHello, sandboxContainer, type SandboxContainer } from './sandbox-container.ts';

const profileSchema: z.ZodType<ContainerProfile> = z.object({
  language: z.enum(LANGUAGES),
  isReconnectable: z.literal(true),
  limits: z.object({ memoryBytes: z.number(), processes: z.number(), diskBytes: z.number(), cpus: z.number(), openFiles: z.number() }),
});

/** Bytes that nothing before can have contained; `guest/frame_stream.py` names the same number. */
const NONCE_BYTES = 16;

/** Names that we give; nothing else is asked of the engine. */
const CONTAINER_NAME = /^sandport-[0-9a-f-]{36}-\d{1,15}$/;

/** What is needed to take a container over. */
export interface Reconnection {
  readonly engine: DockerEngine;
  readonly events: EngineEvents;
  readonly name: string;
  readonly demandedIsolation: 'gvisor' | 'runc';
  readonly signal: AbortSignal | undefined;
}

/** A container that was taken over, and what is left of its life. */
export interface ReconnectedContainer {
  readonly container: SandboxContainer;
  readonly remainingMs: number;
}

/**
 * Connects to a container that another connection, perhaps of another process, has made.
 *
 * @throws SandboxError `SANDBOX_NOT_FOUND`, `ISOLATION_MISMATCH`, `RUNTIME_MISSING`, `PROVIDER_UNAVAILABLE`, `DEADLINE_EXCEEDED`, `CANCELLED`.
 */
export async function reconnectContainer({ engine, events, name, demandedIsolation, signal }: Reconnection): Promise<ReconnectedContainer> {
  const facts = CONTAINER_NAME.test(name) ? await engine.inspectContainer(name, signal) : undefined;
  const token = facts?.labels[TOKEN_LABEL];
  if (facts === undefined || !facts.isRunning || token === undefined) throw notFoundError(name);
  const profile = profileSchema.parse(JSON.parse(facts.labels[PROFILE_LABEL] ?? '{}'));
  await events.open();
  const takeover = { token: Buffer.from(token, 'hex'), nonce: randomBytes(NONCE_BYTES) };
  const connection = new SupervisorConnection(DOCKER_TERMS, new AttachedStream(await engine.attach(name, signal)), takeover);
  try {
    const hello = await readContainerHello(connection, signal, facts.image);
    connection.epoch = hello.epoch;
    const isolation = checkIsolation(hello.isolation, demandedIsolation);
    const memory = await findMemory(engine, name, isolation, signal);
    const container = sandboxContainer({ name, containerId: facts.id, profile, connection, isolation, events, memory });
    return { container, remainingMs: hello.remainingMs ?? 0 };
  } catch (error) {
    connection.close();
    throw error;
  }
}

function notFoundError(name: string): Error {
  return dockerError('SANDBOX_NOT_FOUND', 'connect to sandbox', `There is no sandbox "${name.slice(0, 100)}" that can be connected to.`, {
    suggestion: 'It has ended, or was not made with "reconnectable": create another.',
    details: { sandboxId: name.slice(0, 100) },
  });
}
