import type { FastifyReply, FastifyRequest } from 'fastify';

/** Whether a body comes with a request. */
export function hasBody({ raw: { headers } }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

/**
 * Lets a body that nobody wants run dry, as far as it is worth it. A connection that is closed while something of it is on its way is reset, and whoever sent it loses the answer that says why.
 *
 * @returns resolves when it is over, or it took too long.
 */
export async function discardBody({ raw }: FastifyRequest, withinMs: number): Promise<void> {
  if (raw.complete || raw.destroyed) return;
  let bytes = 0;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(over, withinMs).unref();
    raw.once('end', over).once('close', over).on('data', count).resume();
    function count(piece: Uint8Array): void {
      bytes += piece.byteLength;
      // Whoever sends that much has time to read the answer in the meantime.
      if (bytes > MOST_BYTES) raw.pause();
    }
    function over(): void {
      clearTimeout(timer);
      raw.off('end', over).off('close', over).off('data', count);
      resolve();
    }
  });
}

/** As {@link discardBody}, beside the answer: whoever sends for much longer after it is cut off. */
export function discardBodyWhileAnswered(request: FastifyRequest, { raw }: FastifyReply): void {
  if (!hasBody(request) || request.raw.complete || request.raw.destroyed) return;
  const { socket } = request.raw;
  const isLast = !raw.shouldKeepAlive;
  // Else the connection would be closed with the last byte of the answer.
  raw.shouldKeepAlive = true;
  void discardBody(request, LINGER_MS).then(() => {
    if (!request.raw.complete) socket.destroy();
    else if (isLast) socket.end();
  });
}

const MOST_BYTES = 1024 * 1024;

const LINGER_MS = 1000;
