import multipart from '@fastify/multipart';
import { EXECUTOR_HEADER, MEDIA_TYPES } from '@sandport/executor-api';
import { createApp, describeApi, logAnswers, readTls, refuseWhileStopping, type App } from '@sandport/http-service';
import type { FastifyBaseLogger } from 'fastify';
import { checkAccess } from '../access/check-access.ts';
import type { TokenBook } from '../access/token-book.ts';
import { executionRoutes } from '../executions/execution-routes.ts';
import { liveExecutionRoutes } from '../executions/live-execution-routes.ts';
import { forwardToPeers } from '../peers/forward-to-peers.ts';
import { ragflowRoutes } from '../ragflow/ragflow-service-routes.ts';
import { contextRoutes } from '../sandboxes/context-routes.ts';
import { fileRoutes } from '../sandboxes/file-routes.ts';
import { sandboxRoutes } from '../sandboxes/sandbox-routes.ts';
import { continueTrace } from './continue-trace.ts';
import { tagOf } from './describe-route.ts';
import { serviceRoutes } from './service-routes.ts';
import type { Service } from './service.ts';

/** What a server is made of. */
export interface ServerOptions {
  readonly service: Service;
  readonly tokens: TokenBook;
  readonly log: FastifyBaseLogger;
  readonly version: string;
}

/** The HTTP server, with every route, not listening yet. */
export async function createServer({ service, tokens, log, version }: ServerOptions): Promise<App> {
  const { config, metrics, answers } = service;
  const app = createApp({
    log,
    limits: config.limits,
    tls: config.tls === undefined ? undefined : readTls(config.tls),
    answers,
    // The reader of parts writes all headers of a request into the log, the token among them.
    childLoggerFactory: (logger, bindings, options) =>
      logger.child(bindings, { ...options, serializers: { ...options.serializers, busboyOptions: () => undefined } }),
    observe: (observed) => {
      continueTrace(observed);
      metrics.countAnswers(observed);
      metrics.watchConnections(observed.server);
      logAnswers(observed, ({ access }) => (access === null ? {} : { token: access.token.id, tenant: access.tenant }));
      observed.addHook('onRequest', (_request, reply, done) => {
        reply.header(EXECUTOR_HEADER, config.name).header('x-content-type-options', 'nosniff');
        done();
      });
    },
    admit: (admitting) => {
      checkAccess(admitting, { tokens, use: service.use, onRefusal: (code) => metrics.countRefusal(code) });
      refuseWhileStopping(admitting, () => service.readiness.isStopping);
    },
  });
  app.addContentTypeParser(MEDIA_TYPES.bytes, (_request, payload, done) => done(null, payload));
  forwardToPeers(app, { executorName: config.name, peers: config.peers, answers });
  await app.register(multipart);
  await describeApi(app, {
    title: 'Sandport executor',
    version,
    description: 'Runs untrusted code in a sandbox and says truthfully what it did.',
    securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    placeOperation: (path, { scope = [] }) => ({ tag: tagOf(path), mayCall: scope === 'open' ? 'everybody' : [scope].flat() }),
  });
  for (const addRoutes of [serviceRoutes, executionRoutes, liveExecutionRoutes, sandboxRoutes, fileRoutes, contextRoutes, ragflowRoutes])
    addRoutes(app, service);
  return app;
}
