import type { Readable } from 'node:stream';

/** The pieces of a body; it fails when none comes for too long. */
export async function* readWithin(body: Readable, silenceMs: number): AsyncGenerator<Uint8Array, void, undefined> {
  const timer = setTimeout(() => body.destroy(new Error('The body fell silent.')), silenceMs).unref();
  try {
    for await (const piece of body as AsyncIterable<Uint8Array>) {
      clearTimeout(timer);
      yield piece;
      timer.refresh();
    }
  } finally {
    clearTimeout(timer);
  }
}
