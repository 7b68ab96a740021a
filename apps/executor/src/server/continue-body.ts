import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';

const waiting = new WeakSet<ServerResponse>();

/** Who asks before sending a body is told to go on when the body is wanted, and not before it is known whether the call is let in. */
export function askBeforeBodies(app: FastifyInstance): void {
  app.server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    waiting.add(response);
    app.server.emit('request', request, response);
  });
  app.addHook('preParsing', (_request, reply, payload, done) => {
    continueBody(reply.raw);
    done(null, payload);
  });
}

/** The body is wanted now. */
export function continueBody(response: ServerResponse): void {
  if (waiting.delete(response)) response.writeContinue();
}
