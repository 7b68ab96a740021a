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

/** What is known of one container. */
interface Watched {
  exitCode: number | null;
  outOfMemory: boolean;
  hasEnded: boolean;
  isRemoved: boolean;
  /** Called after each event about the container, and when events are lost. */
  readonly listeners: Set<() => void>;
}

/**
 * Listens to one engine for the ends of our containers, over one connection for all of them, so that no call has to ask.
 */
export class EngineEvents {
  readonly #engine: DockerEngine;
  readonly #label: string;
  readonly #watched = new Map<string, Watched>();
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
    const { exitCode, outOfMemory, hasEnded } = await this.#until(containerId, END_TIMEOUT_MS, (watched) => watched.hasEnded);
    return hasEnded ? { exitCode, outOfMemory } : null;
  }

  /** Whether the engine tells within this time that it has removed a container. */
  async isRemovedWithin(containerId: string, timeoutMs: number): Promise<boolean> {
    return (await this.#until(containerId, timeoutMs, (watched) => watched.isRemoved)).isRemoved;
  }

  /** Forgets a container. */
  forget(containerId: string): void {
    this.#watched.delete(containerId);
  }

  close(): void {
    this.#close?.();
  }

  /** Waits until something holds of a container, the time is over, or events are lost. */
  #until(containerId: string, timeoutMs: number, holds: (watched: Watched) => boolean): Promise<Watched> {
    const watched = this.#entry(containerId);
    if (holds(watched) || this.#opening === undefined) return Promise.resolve(watched);
    return new Promise((resolve) => {
      const settle = (): void => {
        clearTimeout(timer);
        watched.listeners.delete(listen);
        resolve(watched);
      };
      const listen = (): void => {
        if (holds(watched) || this.#opening === undefined) settle();
      };
      const timer = setTimeout(settle, timeoutMs);
      watched.listeners.add(listen);
    });
  }

  async #open(): Promise<void> {
    const stream = await this.#engine.events(this.#label, ['oom', 'die', 'destroy']);
    const lines = createInterface({ input: stream });
    const lost = (): void => {
      this.#opening = undefined;
      lines.close();
      for (const { listeners } of this.#watched.values()) for (const listen of [...listeners]) listen();
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
    const watched = this.#entry(actor.ID);
    if (action === 'oom') watched.outOfMemory = true;
    if (action === 'destroy') watched.isRemoved = true;
    if (action === 'die') {
      const exitCode = Number(actor.Attributes['exitCode']);
      watched.exitCode = Number.isInteger(exitCode) ? exitCode : null;
      watched.hasEnded = true;
    }
    for (const listen of [...watched.listeners]) listen();
  }

  #entry(containerId: string): Watched {
    const existing = this.#watched.get(containerId);
    if (existing !== undefined) return existing;
    if (this.#watched.size >= MAX_ENTRIES) this.#watched.delete(this.#watched.keys().next().value ?? '');
    const created = { exitCode: null, outOfMemory: false, hasEnded: false, isRemoved: false, listeners: new Set<() => void>() };
    this.#watched.set(containerId, created);
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
