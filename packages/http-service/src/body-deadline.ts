import type { FastifyInstance } from 'fastify';
import { isStreamed } from './body-kinds.ts';

/** A body that is read as a whole must have come within this time; else its connection is ended. One that is handed on as it comes has a deadline for its silence. */
export function keepBodyDeadline(app: FastifyInstance, timeoutMs: number): void {
  app.addHook('preParsing', (request, _reply, payload, done) => {
    if (!payload.readableEnded && !isStreamed(request)) {
      const timer = setTimeout(() => {
        if (!request.raw.complete) request.raw.socket.destroy();
      }, timeoutMs).unref();
      payload.once('end', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
    }
    done(null, payload);
  });
}
