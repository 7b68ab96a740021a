import type { ReceivedRequest } from '../../http/received-request.ts';
import { findE2bFault, type E2bFault } from '../e2b-fault.ts';
import { ENVD_PORT, INTERPRETER_PORT, type RouteMatch } from '../routes.ts';
import { HttpError, portClosed, sandboxGone, TextError } from '../service-error.ts';
import type { E2bSandbox } from '../state/e2b-sandbox.ts';
import type { SandboxStore } from '../state/sandbox-store.ts';
import type { ServiceSettings } from '../state/service-settings.ts';
import { hasExpired, isSignedFor } from './file-signature.ts';
import { isSameSecret, type KeyRing } from './key-ring.ts';

/** What is looked at to find out who calls. */
export interface AccessPlace {
  readonly request: ReceivedRequest;
  readonly route: RouteMatch;
  readonly query: ReadonlyMap<string, string>;
  readonly faults: readonly E2bFault[];
  readonly settings: ServiceSettings;
  readonly keys: KeyRing;
}

/** Whether somebody proved who calls, and why he may not, where he may not. */
export interface Access {
  readonly isAuthenticated: boolean;
  readonly refusal?: Error;
}

export function checkControlAccess({ request, settings, keys, faults }: AccessPlace): Access {
  const refused = findE2bFault(faults, 'refused-key');
  const key = request.headers.get('x-api-key');
  const bearer = /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1];
  const { accessToken } = settings;
  const isKnown =
    (key !== undefined && keys.has(key)) || (bearer !== undefined && accessToken !== undefined && isSameSecret(bearer, accessToken));
  if (refused === undefined && isKnown) return { isAuthenticated: true };
  const reason = refused === undefined ? (key === undefined && bearer === undefined ? 'missing' : 'not known') : refused.reason;
  return { isAuthenticated: false, refusal: new HttpError(401, `Unauthorized: the API key is ${reason}`) };
}

/** The sandbox that a request in one is for. On an origin that all sandboxes share, a signed URL is found by trying its signature. */
export function findSandbox({ request, route, query }: AccessPlace, sandboxes: SandboxStore): E2bSandbox | undefined {
  if (route.sandboxId !== undefined) return sandboxes.find(route.sandboxId);
  return sandboxes.all().find((sandbox) => isSignedFor(sandbox, request.method, query));
}

/** What the proxy lets through: only what is for a sandbox that runs, and a port on which somebody listens. */
export function checkProxy({ request, route, settings }: AccessPlace, sandbox: E2bSandbox | undefined): Error | undefined {
  const { sandboxId, port } = route;
  if (sandboxId === undefined && sandbox === undefined) return new HttpError(401, 'Unauthorized: the signature belongs to no sandbox');
  if (sandbox === undefined || sandbox.state === 'paused') return sandboxGone(sandboxId ?? '');
  if (port !== ENVD_PORT && !(port === INTERPRETER_PORT && sandbox.plan.template.hasInterpreter)) return portClosed(sandbox.id, port);
  const { trafficAccessToken } = settings;
  if (
    port === INTERPRETER_PORT &&
    trafficAccessToken !== undefined &&
    !isSameSecret(request.headers.get('e2b-traffic-access-token') ?? '', trafficAccessToken)
  )
    return new HttpError(403, 'The traffic access token is missing or wrong', { sandboxId: sandbox.id });
  return undefined;
}

/** Whether the daemon, or the server for code, accepts a request. */
export function checkSandboxAccess({ request, route, query, faults, settings }: AccessPlace, sandbox: E2bSandbox): Access {
  const refuse = (reason: string): Access => ({
    isAuthenticated: false,
    refusal:
      route.plane === 'interpreter' ? new TextError(401, `Unauthorized: ${reason}`) : new HttpError(401, `unauthorized access, ${reason}`),
  });
  if (findE2bFault(faults, 'refused-key') !== undefined) return refuse('the access token is not valid');
  const token = request.headers.get('x-access-token');
  const { envdAccessToken } = sandbox;
  if (envdAccessToken === undefined) return { isAuthenticated: false };
  const isRight = token !== undefined && isSameSecret(token, envdAccessToken);
  const isOpen = route.operation === 'CheckHealth' || (route.plane === 'interpreter' && route.operation !== 'ExecuteCode');
  if (isRight || isOpen) return { isAuthenticated: isRight };
  if (token !== undefined) return refuse('the access token is not valid');
  if (route.operation !== 'ReadFile' && route.operation !== 'WriteFile') return refuse('an access token is needed');
  if (!isSignedFor(sandbox, request.method, query)) return refuse('an access token or a signature is needed');
  return hasExpired(query, settings.now()) ? refuse('the signature is expired') : { isAuthenticated: true };
}
