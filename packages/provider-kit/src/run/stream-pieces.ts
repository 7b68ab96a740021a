import { Buffer } from 'node:buffer';
import { deferred } from '../deferred.ts';
import type { ProviderTerms } from '../provider-terms.ts';
import { wrongPieceError } from './file-errors.ts';

/**
 * The bytes of a caller's stream, until it ends or the signal fires: then the stream is let go of, without waiting for it, and the signal's reason is
 * thrown.
 *
 * @throws SandboxError `REQUEST_INVALID` for a piece that is neither text nor bytes; else what the stream throws.
 */
export async function* piecesOf(
  terms: ProviderTerms,
  stream: AsyncIterable<unknown>,
  field: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const withdrawn = deferred<never>();
  const onAbort = (): void => withdrawn.reject(signal.reason);
  // Nobody may be waiting when it is withdrawn.
  withdrawn.promise.catch(() => undefined);
  signal.addEventListener('abort', onAbort, { once: true });
  const iterator = stream[Symbol.asyncIterator]();
  let isOver = false;
  try {
    signal.throwIfAborted();
    for (;;) {
      const step = await Promise.race([iterator.next(), withdrawn.promise]);
      isOver = step.done === true;
      if (isOver) return;
      yield bytesOf(terms, step.value, field);
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    // The stream may never answer; nobody waits for it.
    if (!isOver) iterator.return?.().catch(() => undefined);
  }
}

/** Streams come from callers, whatever their type says. */
function bytesOf(terms: ProviderTerms, piece: unknown, field: string): Uint8Array {
  if (typeof piece === 'string') return Buffer.from(piece);
  if (piece instanceof Uint8Array) return piece;
  throw wrongPieceError(terms, field);
}
