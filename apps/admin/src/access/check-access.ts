import { ROLES, type RouteAccess } from '@sandport/admin-api';
import { ServiceProblem } from '@sandport/http-service';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { checkCsrfToken } from './csrf-token.ts';
import { checkOrigin } from './check-origin.ts';
import type { Visitor } from './visitor.ts';
import '../server/route-config.ts';

/** How somebody who has entered is known again. */
export interface Doorkeeper {
  /** Whose token this is; nothing for one that is unknown, revoked or expired. */
  findByToken(token: string, signal: AbortSignal): Promise<Visitor | undefined>;
  /** Whose session the cookies of a request show; nothing without one that lives. Looking for it counts as its use where `isUse` says so. */
  findBySession(request: FastifyRequest, use: { readonly isUse: boolean; readonly signal: AbortSignal }): Promise<Visitor | undefined>;
}

/** What access is decided by. */
export interface AccessOptions {
  readonly doorkeeper: Doorkeeper;
  /** Where browsers reach the server, when that is not where it listens. */
  readonly publicOrigin: string | undefined;
  readonly goneSignal: (request: FastifyRequest) => AbortSignal;
}

/** Lets a call in before anything of its body is read, or refuses it. A route without a rule cannot be added, and would be refused to everybody. */
export function checkAccess(app: FastifyInstance, { doorkeeper, publicOrigin, goneSignal }: AccessOptions): void {
  app.decorateRequest('visitor', null);
  app.addHook('onRoute', ({ config, method, url }) => {
    if (config?.access === undefined) throw new Error(`There is no rule who may call ${[method].flat().join(', ')} ${url}.`);
  });
  app.addHook('onRequest', async (request) => {
    if (request.is404) return;
    const { access, routeName } = request.routeOptions.config;
    if (access === undefined) throw new ServiceProblem('FORBIDDEN', 'This is open to nobody.');
    // What everybody gets alike needs nobody to be looked for.
    if (routeName === undefined && access === 'everybody') return;
    const token = bearerOf(request);
    if (token !== undefined) {
      request.visitor = (await doorkeeper.findByToken(token, goneSignal(request))) ?? null;
      if (request.visitor === null) throw new ServiceProblem('UNAUTHENTICATED', 'The token is unknown, revoked or expired.');
    } else {
      if (isChange(request)) checkOrigin(request, publicOrigin);
      // Who asks whether the session still lives does not use it.
      const use = { isUse: routeName !== 'readSession', signal: goneSignal(request) };
      request.visitor = (await doorkeeper.findBySession(request, use)) ?? null;
      // What everybody may do is proven by a secret of its own in the body.
      if (isChange(request) && access !== 'everybody' && request.visitor !== null) checkCsrfToken(request, request.visitor.session);
    }
    checkRule(access, request.visitor);
  });
}

function checkRule(access: RouteAccess, visitor: Visitor | null): void {
  if (access === 'everybody') return;
  if (visitor === null) throw new ServiceProblem('UNAUTHENTICATED', 'This needs a session or an API token: sign in.');
  const { kind, role } = visitor.caller;
  if (access === 'signed-in') {
    if (kind === 'account') return;
    throw new ServiceProblem('FORBIDDEN', 'This is for accounts, and an API token is none.');
  }
  if (ROLES.indexOf(role) >= ROLES.indexOf(access)) return;
  throw new ServiceProblem(
    'FORBIDDEN',
    `This is for the role "${access}", and ${kind === 'token' ? 'the token' : 'the account'} has "${role}".`,
  );
}

/** A reverse proxy may have had its own use for another scheme. */
function bearerOf({ headers: { authorization = '' } }: FastifyRequest): string | undefined {
  if (!/^Bearer(?: |$)/i.test(authorization)) return undefined;
  return /^Bearer ([\x21-\x7e]{1,512})$/i.exec(authorization)?.[1] ?? '';
}

function isChange({ method }: FastifyRequest): boolean {
  return method !== 'GET' && method !== 'HEAD';
}
