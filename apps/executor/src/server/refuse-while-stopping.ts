import type { FastifyInstance } from 'fastify';
import { closeUnlessRead } from './answer-problems.ts';
import type { Readiness } from './readiness.ts';
import { ServiceProblem } from './service-problem.ts';

const STOPPING_RETRY_MS = 1000;

/** Nothing new is begun while the executor is being stopped; what runs can still be ended. */
export function refuseWhileStopping(app: FastifyInstance, readiness: Readiness): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!readiness.isStopping || request.method === 'GET' || request.method === 'DELETE') return;
    closeUnlessRead(request, reply);
    throw new ServiceProblem('STOPPING', 'This executor is being stopped.', { retryAfterMs: STOPPING_RETRY_MS });
  });
}
