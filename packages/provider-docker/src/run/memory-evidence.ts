import { readFile } from 'node:fs/promises';
import type { OutOfMemoryEvidence } from '@sandport/core';
import type { DockerEngine } from '../engine/docker-engine.ts';
import type { SandboxContainer } from '../pool/sandbox-container.ts';

/** Where the kernel's counter of a container can be on the engine's machine, when that is this machine. */
interface CounterFile {
  readonly source: 'cgroup-v1-oom-kill' | 'cgroup-v2-oom-kill';
  readonly path: string;
}

/**
 * Reads the kernel's own counter of processes killed for lack of memory, from outside the container. This is the only proof under gVisor,
 * which shows its guests no such counter and whose first process survives; it works where the engine runs on the same machine.
 */
export class MemoryEvidence {
  readonly #engine: DockerEngine;

  constructor(engine: DockerEngine) {
    this.#engine = engine;
  }

  /** The proof for a container that still runs, or `null` when there is none to be had or nothing was killed. */
  async find(container: SandboxContainer): Promise<OutOfMemoryEvidence | null> {
    if (!this.#engine.isLocal) return null;
    const processId = await this.#engine.containerProcessId(container.name);
    if (processId === 0) return null;
    for (const { source, path } of await counterFiles(processId)) {
      const kills = await readCounter(path);
      if (kills !== undefined && kills > 0) {
        return { kind: 'out-of-memory', observer: 'host', source, limitBytes: container.profile.limits.memoryBytes, kills };
      }
    }
    return null;
  }
}

async function counterFiles(processId: number): Promise<CounterFile[]> {
  const membership = await readIfPresent(`/proc/${processId}/cgroup`);
  return (membership ?? '').split('\n').flatMap((line): CounterFile[] => counterFile(line));
}

/** A line of `/proc/<pid>/cgroup` is `id:controllers:path`; version 2 has the id 0 and no controllers. */
export function counterFile(line: string): CounterFile[] {
  const [id, controllers, ...rest] = line.split(':');
  const path = rest.join(':');
  if (path === '' || path.includes('/../')) return [];
  if (id === '0' && controllers === '') return [{ source: 'cgroup-v2-oom-kill', path: `/sys/fs/cgroup${path}/memory.events` }];
  if (controllers?.split(',').includes('memory') === true) {
    return [{ source: 'cgroup-v1-oom-kill', path: `/sys/fs/cgroup/memory${path}/memory.oom_control` }];
  }
  return [];
}

async function readCounter(path: string): Promise<number | undefined> {
  const text = await readIfPresent(path);
  const match = /^oom_kill (\d+)$/m.exec(text ?? '');
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    // Not there, or the process has just gone: then there is no proof, and none is claimed.
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}
