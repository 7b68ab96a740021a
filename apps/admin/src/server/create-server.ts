import cookie from '@fastify/cookie';
import {
  createApp,
  type AppOptions,
  describeApi,
  logAnswers,
  refuseWhileStopping,
  type App,
  type OpenAnswers,
  type ServiceLimits,
} from '@sandport/http-service';
import type { FastifyBaseLogger, FastifyRequest } from 'fastify';
import { checkAccess, type Doorkeeper } from '../access/check-access.ts';
import { checkHost } from '../access/check-host.ts';
import { visitorOf } from '../access/visitor.ts';
import { answerAdminProblem } from './answer-admin-problem.ts';
import { addSecurityHeaders } from './security-headers.ts';
import { MAY_CALL, tagOf } from './place-operation.ts';
import { serveEndpoints } from './serve-endpoints.ts';
import type { ServedHandlers } from './served-handlers.ts';

/** What the server is made of. */
export interface ServerOptions {
  readonly handlers: ServedHandlers;
  readonly doorkeeper: Doorkeeper;
  readonly answers: OpenAnswers;
  readonly limits: ServiceLimits;
  readonly tls: AppOptions['tls'];
  /** Proxies whose word about the address of a caller is believed. */
  readonly trustedProxies?: readonly string[];
  /** Where browsers reach the server, when that is not where it listens. */
  readonly publicUrl?: URL | undefined;
  /** Whether only this machine reaches it, so that it answers to the names of this machine alone. */
  readonly isLoopback: boolean;
  readonly isHttps: boolean;
  readonly isStopping: () => boolean;
  readonly sessionCookieName: string;
  readonly log: FastifyBaseLogger;
  readonly version: string;
  /** Adds what is served beside the API. */
  readonly addPage: (app: App) => void;
}

/** The HTTP server, with every route, not listening yet. */
export async function createServer(options: ServerOptions): Promise<App> {
  const { handlers, answers, limits, publicUrl } = options;
  const signals = new WeakMap<FastifyRequest, AbortSignal>();
  const app = createApp({
    log: options.log,
    limits,
    tls: options.tls,
    answers,
    trustedProxies: options.trustedProxies ?? [],
    sendProblem: answerAdminProblem,
    observe: (observed) => {
      logAnswers(observed, (request) => describeCaller(request));
      addSecurityHeaders(observed, options);
      observed.addHook('onRequest', (request, reply, done) => {
        signals.set(request, answers.goneSignal(reply));
        done();
      });
    },
    admit: (admitting) => {
      if (options.isLoopback) checkHost(admitting, publicUrl?.hostname);
      checkAccess(admitting, {
        doorkeeper: options.doorkeeper,
        publicOrigin: publicUrl?.origin,
        goneSignal: (request) => signals.get(request) ?? new AbortController().signal,
      });
      refuseWhileStopping(admitting, options.isStopping);
    },
  });
  await app.register(cookie);
  await describeApi(app, {
    title: 'Sandport admin',
    version: options.version,
    description: 'Chooses, configures, tests and switches what runs the code of agents.',
    securitySchemes: {
      token: { type: 'http', scheme: 'bearer' },
      session: { type: 'apiKey', in: 'cookie', name: options.sessionCookieName },
    },
    placeOperation: (path, { access = 'admin' }) => ({ tag: tagOf(path), mayCall: MAY_CALL[access] }),
  });
  serveEndpoints(app, { handlers, answers, answerTimeoutMs: limits.answerTimeoutMs });
  options.addPage(app);
  return app;
}

function describeCaller(request: FastifyRequest): Readonly<Record<string, string>> {
  const caller = visitorOf(request)?.caller;
  return caller === undefined ? {} : { caller: caller.id, kind: caller.kind };
}
