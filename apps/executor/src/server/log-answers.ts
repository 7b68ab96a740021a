import type { FastifyInstance } from 'fastify';

/** One line for each answer: who, what, how long; nothing of what was sent or answered. */
export function logAnswers(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.raw.once('close', () => {
      const { access, method, routeOptions } = request;
      request.log.info(
        {
          method,
          route: routeOptions.url ?? 'none',
          status: reply.raw.writableFinished ? reply.raw.statusCode : 'gone',
          durationMs: Math.round(reply.elapsedTime),
          ...(access === null ? {} : { token: access.token.id, tenant: access.tenant }),
        },
        'answered',
      );
    });
    done();
  });
}
