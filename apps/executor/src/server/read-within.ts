import type { Readable } from 'node:stream';
import { SandboxError } from '@sandport/core';

/**
 * The pieces of a body; it fails when none comes for too long. Time that its reader takes does not count.
 *
 * @throws SandboxError `REQUEST_INVALID` when it ends before it is whole: that is no fault of ours.
 */
export async function* readWithin(body: Readable, silenceMs: number): AsyncGenerator<Uint8Array, void, undefined> {
  const pieces = (body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const step = await nextWithin(pieces, body, silenceMs);
      if (step.done === true) return;
      yield step.value;
    }
  } finally {
    await pieces.return?.();
  }
}

async function nextWithin(pieces: AsyncIterator<Uint8Array>, body: Readable, silenceMs: number): Promise<IteratorResult<Uint8Array>> {
  const timer = setTimeout(() => body.destroy(new Error('The body fell silent.')), silenceMs).unref();
  try {
    return await pieces.next();
  } catch (error) {
    throw new SandboxError('REQUEST_INVALID', 'body: broke off before its end.', {
      suggestion: 'Send all of it; a file is left as far as it came.',
      details: { field: 'body' },
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
}
