import { setTimeout as delay } from 'node:timers/promises';
import { expectTrue } from '../expectations.ts';

/** Milliseconds in which a stream must have been let go of after its call has settled. */
const LETTING_GO_MS = 1000;

/** Pieces after which a stream gives nothing more, so that a taker without bounds takes no end of memory. */
const MOST_PIECES = 1024;

/** What a case saw of a stream that it gave away. */
export interface WatchedStream<Piece> extends AsyncIterable<Piece> {
  /** How many pieces were asked for. */
  readonly taken: number;
  readonly isLetGo: boolean;
}

/** A stream that counts how much is taken of it and notices when it is let go of. `next` gives its pieces. */
export function watchedStream<Piece>(next: (taken: number) => Promise<Piece> | Piece): WatchedStream<Piece> {
  let taken = 0;
  let isLetGo = false;
  return {
    get taken() {
      return taken;
    },
    get isLetGo() {
      return isLetGo;
    },
    [Symbol.asyncIterator]: () => ({
      async next() {
        if (isLetGo) return { done: true, value: undefined };
        taken += 1;
        return { done: false, value: await (taken > MOST_PIECES ? never<Piece>() : next(taken)) };
      },
      return() {
        isLetGo = true;
        return Promise.resolve({ done: true, value: undefined });
      },
    }),
  };
}

/** A piece that never comes. */
export function never<Piece>(): Promise<Piece> {
  return new Promise(() => undefined);
}

/** The stream was told that nothing more is wanted of it. */
export async function expectLetGo(stream: WatchedStream<unknown>, what: string): Promise<void> {
  const until = performance.now() + LETTING_GO_MS;
  while (!stream.isLetGo && performance.now() < until) await delay(10);
  expectTrue(stream.isLetGo, `${what} was let go of`, { taken: stream.taken });
}
