import multipart from '@fastify/multipart';
import { EXECUTOR_HEADER, MEDIA_TYPES } from '@sandport/executor-api';
import { fastify, LogController, type FastifyBaseLogger } from 'fastify';
import { checkAccess } from '../access/check-access.ts';
import type { TokenBook } from '../access/token-book.ts';
import { executionRoutes } from '../executions/execution-routes.ts';
import { liveExecutionRoutes } from '../executions/live-execution-routes.ts';
import { forwardToPeers } from '../peers/forward-to-peers.ts';
import { ragflowRoutes } from '../ragflow/ragflow-service-routes.ts';
import { contextRoutes } from '../sandboxes/context-routes.ts';
import { fileRoutes } from '../sandboxes/file-routes.ts';
import { sandboxRoutes } from '../sandboxes/sandbox-routes.ts';
import type { App } from './app.ts';
import { keepAnswerDeadline } from './answer-deadline.ts';
import { answerBadPath, answerProblems } from './answer-problems.ts';
import { keepBodyDeadline } from './body-deadline.ts';
import { refuseOtherKinds } from './body-kinds.ts';
import { askBeforeBodies } from './continue-body.ts';
import { continueTrace } from './continue-trace.ts';
import { checkInput } from './check-input.ts';
import { describeApi } from './describe-api.ts';
import { logAnswers } from './log-answers.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { RouteTable } from './route-table.ts';
import { readTls } from './read-tls.ts';
import { refuseWhileStopping } from './refuse-while-stopping.ts';
import { serviceRoutes } from './service-routes.ts';
import type { Service } from './service.ts';
import { refuseMalformed } from './refuse-malformed.ts';

/** What a server is made of. */
export interface ServerOptions {
  readonly service: Service;
  readonly tokens: TokenBook;
  readonly log: FastifyBaseLogger;
  readonly version: string;
}

/** The HTTP server, with every route, not listening yet. */
export async function createServer({ service, tokens, log, version }: ServerOptions): Promise<App> {
  const { config, metrics } = service;
  const { limits } = config;
  const app: App = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    // The reader of parts writes all headers of a request into the log, the token among them.
    childLoggerFactory: (logger, bindings, options) =>
      logger.child(bindings, { ...options, serializers: { ...options.serializers, busboyOptions: () => undefined } }),
    bodyLimit: limits.bodyBytes,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    // Bodies that are streams come as slowly as they like; the others have a deadline of ours.
    requestTimeout: 0,
    forceCloseConnections: true,
    // Arguments are data, whatever their names; JSON.parse makes nothing but members of them.
    onProtoPoisoning: 'ignore',
    onConstructorPoisoning: 'ignore',
    return503OnClosing: false,
    clientErrorHandler: refuseMalformed,
    frameworkErrors: answerBadPath,
    routerOptions: { maxParamLength: 512 },
    http: { maxHeaderSize: limits.headerBytes, headersTimeout: limits.headerTimeoutMs, connectionsCheckingInterval: CHECK_INTERVAL_MS },
    ...(config.tls === undefined
      ? {}
      : {
          https: {
            ...readTls(config.tls),
            handshakeTimeout: limits.headerTimeoutMs,
            maxHeaderSize: limits.headerBytes,
            headersTimeout: limits.headerTimeoutMs,
            connectionsCheckingInterval: CHECK_INTERVAL_MS,
          },
        }),
  });
  app.server.maxConnections = limits.maxConnections;
  const table = new RouteTable(app);
  app.decorate('routeTable', table);
  checkInput(app);
  // What is answered was made here; it is described, and not checked once more.
  app.setSerializerCompiler(() => JSON.stringify);
  app.removeContentTypeParser('text/plain');
  app.addContentTypeParser(MEDIA_TYPES.bytes, (_request, payload, done) => done(null, payload));
  oneAtATime(app);
  service.answers.watch(app);
  continueTrace(app);
  metrics.countAnswers(app);
  metrics.watchConnections(app.server);
  logAnswers(app);
  app.addHook('onRequest', (_request, reply, done) => {
    reply.header(EXECUTOR_HEADER, config.name).header('x-content-type-options', 'nosniff');
    done();
  });
  answerProblems(app, table, service.answers);
  checkAccess(app, { tokens, use: service.use, onRefusal: (code) => metrics.countRefusal(code) });
  refuseWhileStopping(app, service.readiness);
  refuseOtherKinds(app);
  forwardToPeers(app, { executorName: config.name, peers: config.peers, answers: service.answers });
  askBeforeBodies(app, limits.bodyBytes);
  keepBodyDeadline(app, limits.bodyTimeoutMs);
  keepAnswerDeadline(app, limits.answerTimeoutMs);
  await app.register(multipart);
  await describeApi(app, version);
  for (const addRoutes of [serviceRoutes, executionRoutes, liveExecutionRoutes, sandboxRoutes, fileRoutes, contextRoutes, ragflowRoutes])
    addRoutes(app, service);
  return app;
}

/** How often it is looked for connections whose header takes too long. */
const CHECK_INTERVAL_MS = 1000;
