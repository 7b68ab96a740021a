import type { FastifyReply } from 'fastify';

/** Calls back when whoever waits for an answer is gone before it was sent; at once when he is gone already. */
export function whenGone(reply: FastifyReply, onGone: () => void): void {
  const { raw } = reply;
  if (raw.closed) {
    if (!raw.writableFinished) onGone();
    return;
  }
  raw.once('close', () => {
    if (!raw.writableFinished) onGone();
  });
}
