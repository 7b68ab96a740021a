import type { Buffer } from 'node:buffer';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { OutputStream } from '@sandport/core';

/** Takes a piece; the next one comes when what it gives has settled. It does not reject. */
export type TakeOutput = (stream: OutputStream, piece: Buffer) => Promise<void> | undefined;

/** Reads both streams of a process, no faster than somebody takes what comes. */
export class OutputReader {
  /** Settles when both streams are at their end. */
  readonly closed: Promise<unknown>;
  #take: TakeOutput | null = null;
  #kept: Parameters<TakeOutput>[] = [];
  #pieces = 0;
  #pending = 0;

  constructor(streams: Record<OutputStream, Readable>) {
    this.closed = Promise.all([endOf(streams.stdout), endOf(streams.stderr)]);
    for (const name of ['stdout', 'stderr'] as const) {
      streams[name].on('data', (piece: Buffer) => this.#arrive(streams[name], name, piece)).resume();
    }
  }

  /** Who takes the output from now on; what comes while nobody does is kept for the next. */
  give(take: TakeOutput | null): void {
    this.#take = take;
    if (take === null) return;
    for (const [stream, piece] of this.#kept.splice(0)) void take(stream, piece);
  }

  /** Settles when nothing has come for some time and everything is taken, or the streams are at their end. */
  async quiet(quietMs: number): Promise<void> {
    for (;;) {
      const seen = this.#pieces;
      const isClosed = await Promise.race([this.closed.then(() => true), delay(quietMs, false)]);
      if (isClosed || (seen === this.#pieces && this.#pending === 0)) return;
    }
  }

  #arrive(stream: Readable, name: OutputStream, piece: Buffer): void {
    this.#pieces += 1;
    if (this.#take === null) {
      this.#kept.push([name, piece]);
      return;
    }
    const taken = this.#take(name, piece);
    if (taken === undefined) return;
    stream.pause();
    this.#pending += 1;
    void taken.finally(() => {
      this.#pending -= 1;
      stream.resume();
    });
  }
}

/** Settles when a stream is at its end or closed. */
export function endOf(stream: Readable): Promise<void> {
  return new Promise((resolve) => {
    stream.once('end', resolve).once('close', resolve);
  });
}
