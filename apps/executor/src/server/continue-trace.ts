import { context, propagation } from '@opentelemetry/api';
import type { FastifyInstance } from 'fastify';

/** What happens for a call belongs to the trace of its caller. Without an SDK of OpenTelemetry nothing happens. */
export function continueTrace(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    context.with(propagation.extract(context.active(), request.headers), done);
  });
}
