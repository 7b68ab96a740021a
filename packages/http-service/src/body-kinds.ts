import { MEDIA_TYPES } from '@sandport/executor-api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { hasBody } from './discard-body.ts';
import { ServiceProblem } from './service-problem.ts';

/** Refuses a body of a kind that its route does not take before anything of it is read: a parser that is there for another route must not be at work here. */
export function refuseOtherKinds(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    if (!hasBody(request) || request.is404) return;
    const taken = kindsOf(request);
    const kind = kindOf(request);
    // What comes along with a request for reading is of no consequence, and is not read.
    if (taken.includes(kind) || taken.includes(EVERY_KIND) || request.method === 'GET' || request.method === 'HEAD') return;
    throw new ServiceProblem(
      'MEDIA_TYPE_UNSUPPORTED',
      taken.length === 0 ? 'No body is taken here.' : `A body is taken here as ${taken.join(' or ')}.`,
    );
  });
}

/** Whether a body is handed on as it comes, as fast as it is taken. */
export function isStreamed(request: FastifyRequest): boolean {
  return kindOf(request) === MEDIA_TYPES.bytes && kindsOf(request).includes(MEDIA_TYPES.bytes);
}

/** A route that looks at its bodies by itself. */
const EVERY_KIND = '*';

function kindsOf({ routeOptions: { schema } }: FastifyRequest): readonly string[] {
  return schema?.consumes ?? (schema?.body === undefined ? [] : [MEDIA_TYPES.json]);
}

function kindOf({ headers }: FastifyRequest): string {
  return (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}
