import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** Whoever takes nothing of an answer for too long loses the connection, so that the answer is not kept for ever. */
export function keepAnswerDeadline(app: FastifyInstance, timeoutMs: number): void {
  app.addHook('onSend', (_request, reply, payload, done) => {
    endUnlessTaken(reply.raw, timeoutMs);
    done(null, payload);
  });
}

/** As {@link keepAnswerDeadline}, for an answer that goes another way. */
export function endUnlessTaken(raw: ServerResponse, timeoutMs: number): void {
  raw.setTimeout(timeoutMs, () => {
    // Where nothing lies ready, the silence is our own.
    if (raw.writableEnded || raw.writableNeedDrain) raw.destroy();
    else raw.setTimeout(timeoutMs);
  });
}
