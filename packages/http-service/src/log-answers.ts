import type { FastifyInstance, FastifyRequest } from 'fastify';

/**
 * One line for each answer: who, what, how long; nothing of what was sent or answered.
 *
 * @param describeCaller Who calls, in names that are no secrets.
 */
export function logAnswers(app: FastifyInstance, describeCaller: (request: FastifyRequest) => Readonly<Record<string, string>>): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.raw.once('close', () => {
      const { method, routeOptions } = request;
      request.log.info(
        {
          method,
          route: routeOptions.url ?? 'none',
          status: reply.raw.writableFinished ? reply.raw.statusCode : 'gone',
          durationMs: Math.round(reply.elapsedTime),
          ...describeCaller(request),
        },
        'answered',
      );
    });
    done();
  });
}
