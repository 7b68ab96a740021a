import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { isStreamed } from './body-kinds.ts';

const waiting = new WeakSet<ServerResponse>();

/** Who asks before sending a body is told to go on when the body is wanted, and not before it is known whether the call is let in. */
export function askBeforeBodies(app: FastifyInstance, bodyBytes: number): void {
  app.server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    waiting.add(response);
    app.server.emit('request', request, response);
  });
  app.addHook('preParsing', (request, reply, payload, done) => {
    const isTooLarge = Number(request.headers['content-length']) > bodyBytes && !isStreamed(request);
    if (!isTooLarge) continueBody(reply.raw);
    done(null, payload);
  });
}

/** The body is wanted now. */
export function continueBody(response: ServerResponse): void {
  if (waiting.delete(response)) response.writeContinue();
}
