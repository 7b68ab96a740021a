import { TENANT_HEADER } from '@sandport/executor-api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { REQUEST_LIMITS } from '@sandport/core';
import { ServiceProblem } from '@sandport/http-service';
import { ANY_TENANT, SCOPES, type Scope, type StoredToken } from './access-token.ts';
import type { TokenBook } from './token-book.ts';
import type { TokenUse, UseRefusal } from './token-use.ts';

/** Who calls, and for whom. */
export interface Access {
  readonly token: StoredToken;
  readonly tenant: string;
  /** Whether the token is good also now. */
  readonly isInForce: () => boolean;
}

declare module 'fastify' {
  interface FastifyRequest {
    access: Access | null;
    /** The call no longer counts as one of its token's calls at one time. */
    endCall: () => void;
    /** The call counts also when its caller is gone, until this is released. */
    holdCall: () => () => void;
  }
  interface FastifyContextConfig {
    /** What a token must be good for. `open`: none is needed. Routes without it are refused to everybody. */
    scope?: Scope | readonly Scope[] | 'open';
  }
}

/** What access is decided by. */
export interface AccessOptions {
  readonly tokens: TokenBook;
  readonly use: TokenUse;
  readonly onRefusal: (reason: string) => void;
}

/** Lets a call in before anything of its body is read, or refuses it. */
export function checkAccess(app: FastifyInstance, { tokens, use, onRefusal }: AccessOptions): void {
  app.decorateRequest('access', null);
  app.decorateRequest('endCall', () => undefined);
  app.decorateRequest('holdCall', () => () => undefined);
  app.addHook('onRequest', async (request, reply) => {
    const { scope } = request.routeOptions.config;
    if (scope === 'open' || request.is404) return;
    try {
      const access = accessOf(request, tokens, scope === undefined ? [] : [scope].flat());
      request.access = access;
      countCall(use, request, access.token, reply);
    } catch (error) {
      if (error instanceof ServiceProblem) onRefusal(error.problem.code);
      throw error;
    }
  });
}

/** The access of a call that was let in. */
export function accessTo(request: FastifyRequest): Access {
  if (request.access === null) throw new Error('A route that asks for access must not be open.');
  return request.access;
}

/** @throws ServiceProblem for a use that is too much now. */
export function refuseUse({ reason, retryAfterMs }: UseRefusal): never {
  const what = { rate: 'calls in a minute', concurrency: 'calls at one time', sandboxes: 'sandboxes at one time' }[reason];
  throw new ServiceProblem('TOO_MANY_REQUESTS', `The token has used up its ${what}.`, { retryAfterMs });
}

function countCall(use: TokenUse, request: FastifyRequest, token: StoredToken, reply: FastifyReply): void {
  const begun = use.begin(token);
  if (!('end' in begun)) return refuseUse(begun);
  const holders = new Set<symbol>();
  request.holdCall = () => {
    const holder = Symbol('holder');
    holders.add(holder);
    return () => {
      if (holders.delete(holder) && holders.size === 0) begun.end();
    };
  };
  request.endCall = request.holdCall();
  reply.raw.once('close', request.endCall);
}

function accessOf(request: FastifyRequest, tokens: TokenBook, scopes: readonly Scope[]): Access {
  const text = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(request.headers.authorization ?? '')?.[1];
  if (text === undefined) throw new ServiceProblem('UNAUTHENTICATED', 'This needs a token: "Authorization: Bearer …".');
  const finding = tokens.find(text);
  if ('problem' in finding) throw new ServiceProblem('UNAUTHENTICATED', `The token is ${finding.problem}.`);
  const { token } = finding;
  if (!scopes.some((scope) => token.scopes.includes(scope))) {
    throw new ServiceProblem('FORBIDDEN', `The token is not good for this: ${scopes.map((scope) => SCOPES[scope]).join('; ')}.`);
  }
  return { token, tenant: tenantOf(request, token), isInForce: () => tokens.isInForce(token) };
}

function tenantOf(request: FastifyRequest, { tenant }: StoredToken): string {
  const named = request.headers[TENANT_HEADER];
  if (named === undefined) return tenant === ANY_TENANT ? 'default' : tenant;
  if (typeof named !== 'string' || named.length === 0 || named.length > REQUEST_LIMITS.tenantLength) {
    throw new ServiceProblem('FORBIDDEN', `${TENANT_HEADER}: is not the name of a tenant.`);
  }
  const decoded = decodeTenant(named);
  if (tenant !== ANY_TENANT && tenant !== decoded) throw new ServiceProblem('FORBIDDEN', 'The token is not for this tenant.');
  return decoded;
}

/** Names may be of any letters; a header takes but some, the others percent-encoded. */
function decodeTenant(named: string): string {
  try {
    return decodeURIComponent(named);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    throw new ServiceProblem('FORBIDDEN', `${TENANT_HEADER}: is not the name of a tenant.`);
  }
}
