import { fastify, LogController, type FastifyBaseLogger, type FastifyServerOptions } from 'fastify';
import type { App } from './app.ts';
import { keepAnswerDeadline } from './answer-deadline.ts';
import { answerBadPath, answerProblems, type ProblemAnswers } from './answer-problems.ts';
import { keepBodyDeadline } from './body-deadline.ts';
import { checkInput } from './check-input.ts';
import { askBeforeBodies } from './continue-body.ts';
import { refuseOtherKinds } from './body-kinds.ts';
import { oneAtATime } from './one-at-a-time.ts';
import type { OpenAnswers } from './open-answers.ts';
import { refuseMalformed } from './refuse-malformed.ts';
import { RouteTable } from './route-table.ts';
import type { TlsMaterial } from './read-tls.ts';

/** Most that a service takes of anybody, and for how long. */
export interface ServiceLimits {
  /** Largest body of a request. */
  readonly bodyBytes: number;
  /** Time in which a body that is read as a whole must have come. */
  readonly bodyTimeoutMs: number;
  readonly headerBytes: number;
  readonly headerTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  /** Longest time in which a caller takes nothing of an answer. */
  readonly answerTimeoutMs: number;
  readonly maxConnections: number;
}

/** What an application is made of. */
export interface AppOptions {
  readonly log: FastifyBaseLogger;
  readonly limits: ServiceLimits;
  readonly tls?: TlsMaterial | undefined;
  readonly answers: OpenAnswers;
  /** Proxies whose word about the address of a caller is believed. @default none */
  readonly trustedProxies?: readonly string[];
  readonly childLoggerFactory?: FastifyServerOptions['childLoggerFactory'];
  readonly sendProblem?: ProblemAnswers['send'];
  /** Hooks that come before anybody is answered, not even with a problem. */
  readonly observe?: (app: App) => void;
  /** Hooks by which calls are let in or refused, before anything of their bodies is read. */
  readonly admit: (app: App) => void;
}

/** An HTTP application without routes, behind the wall of limits, deadlines and refusals that each of our services has. */
export function createApp(options: AppOptions): App {
  const { log, limits, tls, answers, trustedProxies = [], childLoggerFactory, sendProblem, observe, admit } = options;
  const http = {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headerTimeoutMs,
    connectionsCheckingInterval: CHECK_INTERVAL_MS,
  };
  const app: App = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    ...(childLoggerFactory === undefined ? {} : { childLoggerFactory }),
    ...(trustedProxies.length === 0 ? {} : { trustProxy: [...trustedProxies] }),
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
    http,
    ...(tls === undefined ? {} : { https: { ...tls, ...http, handshakeTimeout: limits.headerTimeoutMs } }),
  });
  app.server.maxConnections = limits.maxConnections;
  const table = new RouteTable(app);
  app.decorate('routeTable', table);
  checkInput(app);
  // What is answered was made here; it is described, and not checked once more.
  app.setSerializerCompiler(() => JSON.stringify);
  app.removeContentTypeParser('text/plain');
  oneAtATime(app);
  answers.watch(app);
  observe?.(app);
  answerProblems(app, { table, answers, ...(sendProblem === undefined ? {} : { send: sendProblem }) });
  admit(app);
  refuseOtherKinds(app);
  askBeforeBodies(app, limits.bodyBytes);
  keepBodyDeadline(app, limits.bodyTimeoutMs);
  keepAnswerDeadline(app, limits.answerTimeoutMs);
  return app;
}

/** How often it is looked for connections whose header takes too long. */
const CHECK_INTERVAL_MS = 1000;
