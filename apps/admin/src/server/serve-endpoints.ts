import { ENDPOINTS, ROUTES, type Endpoint, type Route, type RouteName } from '@sandport/admin-api';
import { fastifyPath, type App, type OpenAnswers } from '@sandport/http-service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { visitorOf } from '../access/visitor.ts';
import { answerEvents, type AnyEvent } from './answer-events.ts';
import type { Exchange, ServedHandlers } from './served-handlers.ts';
import './route-config.ts';

/** What the routes are served with. */
export interface EndpointOptions {
  readonly handlers: ServedHandlers;
  readonly answers: OpenAnswers;
  /** Longest time in which a caller takes nothing of an answer that is followed. */
  readonly answerTimeoutMs: number;
}

type LooseHandler = (call: unknown, second: Exchange | ((event: AnyEvent) => Promise<void>)) => Promise<unknown>;

/**
 * Serves every route of the table by its handler, and no other: with its access, and its schemas.
 *
 * @throws Error for a route without a handler, or without a rule of access.
 */
export function serveEndpoints(app: App, options: EndpointOptions): void {
  const handlers: Readonly<Partial<Record<string, unknown>>> = { ...options.handlers, describeApi: async () => app.swagger() };
  for (const name of Object.keys(ROUTES) as RouteName[]) {
    const handler = handlers[name];
    if (typeof handler !== 'function') throw new Error(`There is no handler for the route "${name}".`);
    serveEndpoint(app, name, handler as LooseHandler, options);
  }
}

function serveEndpoint(app: App, name: RouteName, handler: LooseHandler, { answers, answerTimeoutMs }: EndpointOptions): void {
  const route: Route = ROUTES[name];
  const endpoint: Endpoint = ENDPOINTS[name];
  app.route({
    method: route.method,
    url: fastifyPath(route.path),
    // Before it is known who sends a body, no more is read than what such a body needs.
    ...(route.access === 'everybody' ? { bodyLimit: STRANGERS_BODY_BYTES } : {}),
    config: { access: route.access, routeName: name, ...describeAnswer(endpoint) },
    schema: {
      operationId: name,
      summary: endpoint.summary,
      params: parametersSchema(route.path),
      querystring: endpoint.query ?? z.strictObject({}),
      ...(endpoint.body === undefined ? {} : { body: endpoint.body }),
    },
    handler: async (request, reply) => {
      const call = callOf(request, reply, answers);
      if (endpoint.event !== undefined) {
        await answerEvents({ reply, answers, answerTimeoutMs, work: async (emit) => void (await handler(call, emit)) });
        return undefined;
      }
      const answer = await handler(call, { request, reply });
      if (answer === undefined) return reply.code(endpoint.status ?? 204).send();
      return reply.code(endpoint.status ?? 200).send(answer);
    },
  });
}

function callOf(request: FastifyRequest, reply: FastifyReply, answers: OpenAnswers): unknown {
  const { params, query, body } = request;
  return { params, query, body, caller: visitorOf(request)?.caller ?? null, signal: answers.goneSignal(reply) };
}

function describeAnswer({ answer, event, status }: Endpoint): object {
  if (event !== undefined) return { answersEvents: event };
  if (status === 302) return { answersRedirect: 302 };
  return answer === undefined ? {} : { answers: { [status ?? 200]: answer } };
}

const STRANGERS_BODY_BYTES = 16 * 1024;

/** What may be filled into paths. Whatever else it has to be, its handler knows. */
const PARAMETERS: Readonly<Record<string, z.ZodType>> = {
  version: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, 'must be the number of a version')
    .transform(Number),
};

function parametersSchema(path: string): z.ZodType {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  return z.strictObject(Object.fromEntries(names.map((name) => [name, PARAMETERS[name] ?? z.string().min(1).max(256)])));
}
