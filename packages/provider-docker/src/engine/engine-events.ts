import { createInterface } from 'node:readline';
import { z } from 'zod';
import { toDockerError } from '../docker-errors.ts';
import type { DockerEngine } from './docker-engine.ts';

/** How a container ended, as the engine saw it. */
export interface ContainerEnd {
  readonly exitCode: number | null;
  /** The engine reported that the container's first process was killed for lack of memory. */
  readonly outOfMemory: boolean;
}

const eventSchema = z.object({
  Action: z.string(),
  Actor: z.object({ ID: z.string(), Attributes: z.record(z.string(), z.string()).default({}) }),
});

/** How long the end of a container may take to be told after its stream has closed. */
const END_TIMEOUT_MS = 2_000;

/** Entries kept for containers whose end nobody asked for. */
const MAX_ENTRIES = 4_096;

/**
 * Listens to one engine for the ends of our containers, over one connection for all of them, so that no call has to ask.
 */
export class EngineEvents {
  readonly #engine: DockerEngine;
  readonly #label: string;
  readonly #ends = new Map<string, { exitCode: number | null; outOfMemory: boolean; ended: boolean }>();
  readonly #waiters = new Map<string, (end: ContainerEnd | null) => void>();
  #opening: Promise<void> | undefined;
  #close: (() => void) | undefined;

  constructor(engine: DockerEngine, label: string) {
    this.#engine = engine;
    this.#label = label;
  }

  /** Resolves once events arrive. A lost connection is opened again by the next call. */
  open(): Promise<void> {
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = undefined;
      throw toDockerError(error, 'watch events');
    });
    return this.#opening;
  }

  /** The end of a container whose stream has closed, or `null` when the engine does not tell it in time. */
  async endOf(containerId: string): Promise<ContainerEnd | null> {
    const known = this.#ends.get(containerId);
    if (known?.ended === true) return known;
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle(null), END_TIMEOUT_MS);
      const settle = (end: ContainerEnd | null): void => {
        clearTimeout(timer);
        this.#waiters.delete(containerId);
        resolve(end);
      };
      this.#waiters.set(containerId, settle);
    });
  }

  /** Forgets a container. */
  forget(containerId: string): void {
    this.#ends.delete(containerId);
  }

  close(): void {
    this.#close?.();
    for (const settle of this.#waiters.values()) settle(null);
  }

  async #open(): Promise<void> {
    const stream = await this.#engine.events(this.#label, ['oom', 'die']);
    const lines = createInterface({ input: stream });
    const lost = (): void => {
      this.#opening = undefined;
      lines.close();
      for (const settle of this.#waiters.values()) settle(null);
    };
    lines.on('line', (line) => this.#read(line));
    stream.once('close', lost);
    // The closing that follows is what counts; without a listener the error would end the process.
    stream.once('error', lost);
    this.#close = () => stream.destroy();
  }

  #read(line: string): void {
    const event = eventSchema.safeParse(parseJson(line));
    if (!event.success) return;
    const { Action: action, Actor: actor } = event.data;
    const end = this.#entry(actor.ID);
    if (action === 'oom') end.outOfMemory = true;
    if (action !== 'die') return;
    const exitCode = Number(actor.Attributes['exitCode']);
    end.exitCode = Number.isInteger(exitCode) ? exitCode : null;
    end.ended = true;
    this.#waiters.get(actor.ID)?.(end);
  }

  #entry(containerId: string) {
    const existing = this.#ends.get(containerId);
    if (existing !== undefined) return existing;
    if (this.#ends.size >= MAX_ENTRIES) this.#ends.delete(this.#ends.keys().next().value ?? '');
    const created = { exitCode: null, outOfMemory: false, ended: false };
    this.#ends.set(containerId, created);
    return created;
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
