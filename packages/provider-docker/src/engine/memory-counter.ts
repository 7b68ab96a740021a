import { readFile } from 'node:fs/promises';
import type { OutOfMemoryEvidence } from '@sandport/core';
import type { DockerEngine } from './docker-engine.ts';

/** Where the kernel counts the processes of one container that it killed for lack of memory. */
export interface MemoryCounter {
  readonly source: 'cgroup-v1-oom-kill' | 'cgroup-v2-oom-kill';
  readonly path: string;
}

/**
 * Finds the kernel's own counter for a running container, on the host. This is the only proof under gVisor, which shows its guests no such
 * counter and whose first process survives. Where the engine runs on another machine there is none to be had.
 */
export async function findMemoryCounter(engine: DockerEngine, containerName: string, signal?: AbortSignal): Promise<MemoryCounter | null> {
  if (!engine.isLocal) return null;
  const container = await engine.inspectContainer(containerName, signal);
  if (container === undefined || container.processId === 0) return null;
  const membership = await readIfPresent(`/proc/${container.processId}/cgroup`);
  // A socket may lead into a virtual machine or out of a container: then this number means another process here, or none.
  if (membership?.includes(container.id) !== true) return null;
  for (const counter of memoryCounters(membership)) {
    if ((await readKills(counter)) !== undefined) return counter;
  }
  return null;
}

/** A container's counter, and how much of it belongs to programs that are over. It begins at 0 with the container. */
export interface ContainerMemory {
  readonly counter: MemoryCounter;
  seenKills: number;
}

/** The proof that something was killed since the programs before, or `null`. Whoever takes it for a program's adds it to what has been seen. */
export async function readMemoryCounter(memory: ContainerMemory, limitBytes: number): Promise<OutOfMemoryEvidence | null> {
  const total = await readKills(memory.counter);
  if (total === undefined || total <= memory.seenKills) return null;
  const kills = total - memory.seenKills;
  return { kind: 'out-of-memory', observer: 'host', source: memory.counter.source, limitBytes, kills };
}

/** Where the counters can be, by the text of `/proc/<pid>/cgroup`: lines of `id:controllers:path`; version 2 has the id 0 and no controllers. */
export function memoryCounters(membership: string): MemoryCounter[] {
  return membership.split('\n').flatMap((line): MemoryCounter[] => {
    const [id, controllers, ...rest] = line.split(':');
    const path = rest.join(':');
    if (path === '' || path.includes('/../')) return [];
    if (id === '0' && controllers === '') return [{ source: 'cgroup-v2-oom-kill', path: `/sys/fs/cgroup${path}/memory.events` }];
    if (controllers?.split(',').includes('memory') !== true) return [];
    return [{ source: 'cgroup-v1-oom-kill', path: `/sys/fs/cgroup/memory${path}/memory.oom_control` }];
  });
}

async function readKills(counter: MemoryCounter): Promise<number | undefined> {
  const match = /^oom_kill (\d+)$/m.exec((await readIfPresent(counter.path)) ?? '');
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    // Not there, or gone with its container: then there is no proof, and none is claimed.
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}
