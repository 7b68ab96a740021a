import { performance } from 'node:perf_hooks';
import { parseJson } from '@sandport/provider-kit';
import { z } from 'zod';
import { toDockerError } from '../docker-errors.ts';
import type { DockerEngine } from './docker-engine.ts';

/** How a container ended, as the engine saw it. */
export interface ContainerEnd {
  readonly exitCode: number | null;
  /** The engine reported that the container's first process was killed for lack of memory. */
  readonly outOfMemory: boolean;
  /** Somebody had the engine end it: an operator, another program, or the engine as it shut down. */
  readonly isOrdered: boolean;
}

const eventSchema = z.object({
  Action: z.string(),
  Actor: z.object({ ID: z.string(), Attributes: z.record(z.string(), z.string()).default({}) }),
});

/** How long the end of a container may take to be told after its stream has closed. */
const END_TIMEOUT_MS = 2_000;

/** Pause before lost events are opened again; doubled each time that it fails, up to the longest. */
const MIN_REOPEN_DELAY_MS = 100;
const MAX_REOPEN_DELAY_MS = 2_000;

/** How long after events were lost the end of a container may still come of the same cause: an engine that went down. */
const GAP_MEMORY_MS = 10_000;

/** How long events about a container that has ended are waited for. */
const LATE_EVENTS_MS = 500;

/** Entries kept for containers whose end nobody asked for. */
const MAX_ENTRIES = 4_096;

/** What is known of one container. */
interface Watched {
  exitCode: number | null;
  outOfMemory: boolean;
  isOrdered: boolean;
  hasEnded: boolean;
  isRemoved: boolean;
  /** When events about it were lost last, by this process's own clock. */
  gapAtMs: number;
  /** Called after each event about the container, and when events are lost. */
  readonly listeners: Set<() => void>;
}

/** What {@link EngineEvents} is told. */
export interface EngineEventsOptions {
  readonly engine: DockerEngine;
  /** The events of containers with this label, `name=value`. */
  readonly label: string;
  /** Hears that the connection was lost: the engine may have been restarted, or be another one. */
  readonly onLost?: (() => void) | undefined;
}

/**
 * Listens to one engine for the ends of our containers, over one connection for all of them, so that no call has to ask. A lost connection is opened again
 * by itself while anything is watched.
 */
export class EngineEvents {
  readonly #options: EngineEventsOptions;
  readonly #watched = new Map<string, Watched>();
  #opening: Promise<void> | undefined;
  #close: (() => void) | undefined;
  #reopenTimer: NodeJS.Timeout | undefined;
  #reopenDelayMs = MIN_REOPEN_DELAY_MS;
  #isClosed = false;

  constructor(options: EngineEventsOptions) {
    this.#options = options;
  }

  /** Resolves once events arrive. */
  open(): Promise<void> {
    clearTimeout(this.#reopenTimer);
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = undefined;
      throw toDockerError(error, 'watch events');
    });
    return this.#opening;
  }

  /** Keeps what is told of a container from now on. */
  watch(containerId: string): void {
    this.#entry(containerId);
  }

  /**
   * The end of a container whose stream has closed, or `null` when the engine does not tell it in time. It is `null`, too, when the connection to the engine was
   * lost meanwhile: then nobody knows what became of the container before.
   */
  async endOf(containerId: string): Promise<ContainerEnd | null> {
    const watched = await this.#until(containerId, END_TIMEOUT_MS, (each) => each.hasEnded || hasGap(each));
    // A kill for memory may be told after the end that it caused; the removal comes after both.
    if (watched.hasEnded) await this.#untilHolds(watched, LATE_EVENTS_MS, (each) => each.outOfMemory || each.isRemoved || hasGap(each));
    const { exitCode, outOfMemory, isOrdered, hasEnded } = watched;
    return hasEnded && !hasGap(watched) ? { exitCode, outOfMemory, isOrdered } : null;
  }

  /** Whether the engine tells within this time that it has removed a container. */
  async isRemovedWithin(containerId: string, timeoutMs: number): Promise<boolean> {
    return (await this.#until(containerId, timeoutMs, (watched) => watched.isRemoved || hasGap(watched))).isRemoved;
  }

  /** Forgets a container. */
  forget(containerId: string): void {
    this.#watched.delete(containerId);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#reopenTimer);
    this.#close?.();
  }

  /** Waits until something holds of a container, or the time is over. Without a connection there is nothing to wait for. */
  #until(containerId: string, timeoutMs: number, holds: (watched: Watched) => boolean): Promise<Watched> {
    return this.#untilHolds(this.#entry(containerId), timeoutMs, holds);
  }

  #untilHolds(watched: Watched, timeoutMs: number, holds: (watched: Watched) => boolean): Promise<Watched> {
    if (holds(watched) || this.#opening === undefined) return Promise.resolve(watched);
    return new Promise((resolve) => {
      const settle = (): void => {
        clearTimeout(timer);
        watched.listeners.delete(listen);
        resolve(watched);
      };
      const listen = (): void => {
        if (holds(watched)) settle();
      };
      const timer = setTimeout(settle, timeoutMs);
      watched.listeners.add(listen);
    });
  }

  async #open(): Promise<void> {
    const stream = await this.#options.engine.events(this.#options.label, ['oom', 'kill', 'die', 'destroy', 'remove']);
    if (this.#isClosed) {
      stream.destroy();
      return;
    }
    this.#reopenDelayMs = MIN_REOPEN_DELAY_MS;
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#read(line);
    });
    // The closing that follows is what counts; without a listener the error would end the process.
    stream.once('error', () => undefined);
    stream.once('close', () => this.#lost());
    this.#close = () => stream.destroy();
  }

  #lost(): void {
    this.#opening = undefined;
    for (const watched of this.#watched.values()) {
      watched.gapAtMs = performance.now();
      for (const listen of [...watched.listeners]) listen();
    }
    if (this.#isClosed) return;
    this.#options.onLost?.();
    this.#reopenLater();
  }

  #reopenLater(): void {
    if (this.#isClosed || this.#watched.size === 0) return;
    const reopen = async (): Promise<void> => {
      try {
        await this.open();
      } catch {
        // Whoever needs the events opens them too, and hears why it cannot be done.
        this.#reopenLater();
      }
    };
    this.#reopenTimer = setTimeout(() => void reopen(), this.#reopenDelayMs).unref();
    this.#reopenDelayMs = Math.min(this.#reopenDelayMs * 2, MAX_REOPEN_DELAY_MS);
  }

  #read(line: string): void {
    const event = eventSchema.safeParse(parseJson(line));
    if (!event.success) return;
    const { Action: action, Actor: actor } = event.data;
    const watched = this.#entry(actor.ID);
    if (action === 'oom') watched.outOfMemory = true;
    if (action === 'kill') watched.isOrdered = true;
    // Docker says the first, Podman the second.
    if (action === 'destroy' || action === 'remove') watched.isRemoved = true;
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
    const created: Watched = {
      exitCode: null,
      outOfMemory: false,
      isOrdered: false,
      hasEnded: false,
      isRemoved: false,
      gapAtMs: Number.NEGATIVE_INFINITY,
      listeners: new Set(),
    };
    this.#watched.set(containerId, created);
    return created;
  }
}

function hasGap({ gapAtMs }: Watched): boolean {
  return performance.now() - gapAtMs < GAP_MEMORY_MS;
}
