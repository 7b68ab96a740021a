import type { OutputChunk } from '@sandport/core';
import type { ExecutionEvent, StreamAdditions } from '../../src/stream/execution-stream.ts';

/** What a fake program writes to stdout, piece by piece. */
export interface FakeRun {
  readonly written: string[];
  readonly start: (additions: StreamAdditions) => Promise<string>;
  /** Lets a program that was told to stay end. */
  readonly end: () => void;
  signal: AbortSignal | undefined;
}

/**
 * A program that writes pieces, waits for its listener as a provider does, and gives `done`; `cancelled` when it was withdrawn.
 *
 * @param stays Whether it goes on after its last piece until `end` is called.
 */
export function fakeRun(pieces: readonly string[], { stays = false, failure }: { stays?: boolean; failure?: Error } = {}): FakeRun {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const run: FakeRun = {
    written: [],
    signal: undefined,
    end: () => end(),
    start: async ({ onOutput, signal }) => {
      run.signal = signal;
      const withdrawn = new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        else signal.addEventListener('abort', () => resolve(), { once: true });
      });
      for (const text of pieces) {
        if (signal.aborted) return 'cancelled';
        run.written.push(text);
        await Promise.race([onOutput({ stream: 'stdout', text }), withdrawn]);
      }
      if (stays) await Promise.race([ended, withdrawn]);
      if (failure !== undefined) throw failure;
      return signal.aborted ? 'cancelled' : 'done';
    },
  };
  return run;
}

/** As a piece of output is told. */
export function output(text: string): { type: 'output' } & OutputChunk {
  return { type: 'output', stream: 'stdout', text };
}

/** Every event of a stream. */
export async function readAll<Result>(stream: AsyncIterable<ExecutionEvent<Result>>): Promise<ExecutionEvent<Result>[]> {
  const events: ExecutionEvent<Result>[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

/** Long enough for whatever would happen by itself. */
export function idle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}

/** Text of so many KiB. */
export function kib(count: number): string {
  return 'x'.repeat(count * 1024);
}
