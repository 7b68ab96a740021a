import type { FastifyInstance } from 'fastify';
import { discardBody } from './discard-body.ts';
import { stoppingProblem } from './stopping-words.ts';

/** What is sent in one go is there by then. */
const BODY_WAIT_MS = 500;

/** Nothing new is begun while the service is being stopped; what runs can still be ended. */
export function refuseWhileStopping(app: FastifyInstance, isStopping: () => boolean): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!isStopping()) return;
    // Whoever comes again comes to another process.
    reply.header('connection', 'close');
    if (request.method === 'GET' || request.method === 'DELETE') return;
    await discardBody(request, BODY_WAIT_MS);
    throw stoppingProblem('This service is being stopped.');
  });
}
