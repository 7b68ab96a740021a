import type { ReceivedRequest } from '../../http/received-request.ts';
import type { FakeAccessKey } from '../fake-agent-run.ts';
import { ServiceError, serviceError } from '../service-error.ts';
import {
  agentrun4Signature,
  parseAgentrun4Authorization,
  UNSIGNED_PAYLOAD,
  type Agentrun4Authorization,
} from '../signatures/agentrun4-signature.ts';
import { isSameText } from '../signatures/canonical-request.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { Authentication, Caller } from './caller.ts';
import type { KeyRing } from './key-ring.ts';
import { areProperNames, isInWindow, parseSigningDate, unsignedNames } from './signing-window.ts';

/** What decides who calls the data plane. */
export interface DataGate {
  readonly keys: KeyRing;
  readonly tokens: AccessTokens;
  /** API keys by the names of their credentials. */
  readonly apiKeys: Readonly<Record<string, string>>;
  readonly region: string;
  /** The account whose data plane this is. On the wire the host's name says it. */
  readonly accountId: string;
  readonly nowMs: number;
}

const dataHostPattern = /^(\d+)(-ram)?\.agentrun-data(?:-vpc)?\./;

const forbidden = (message: string): ServiceError => serviceError(403, 'ERR_FORBIDDEN', message);

/** Finds out who calls the data plane, by the first of the four ways that the request shows. */
export function authenticateData(request: ReceivedRequest, gate: DataGate): Authentication {
  try {
    const caller = identify(request, gate);
    if (caller.accountId !== gate.accountId) throw forbidden('The caller belongs to another account');
    checkHost(request, caller, gate.accountId);
    return { caller };
  } catch (error) {
    if (error instanceof ServiceError) return { refusal: error };
    throw error;
  }
}

function identify(request: ReceivedRequest, gate: DataGate): Caller {
  const { headers } = request;
  const authorization = headers.get('agentrun-authorization');
  if (authorization !== undefined) return identifyBySignature(request, authorization, gate);
  const token = headers.get('agentrun-access-token');
  if (token !== undefined) {
    const caller = gate.tokens.find(token, gate.nowMs);
    if (caller === undefined) throw serviceError(401, 'ERR_UNAUTHORIZED', 'The access token is invalid or expired');
    return caller;
  }
  const accountId = headers.get('x-acs-parent-id');
  if (accountId === undefined) throw serviceError(401, 'ERR_UNAUTHORIZED', 'The request says neither who calls nor for which account');
  const apiKey = headers.get('x-api-key');
  if (apiKey === undefined) return { authentication: 'anonymous', accountId };
  const credentialName = Object.keys(gate.apiKeys).find((name) => isSameText(gate.apiKeys[name] ?? '', apiKey));
  if (credentialName === undefined) throw serviceError(401, 'ERR_UNAUTHORIZED', 'The API key is invalid');
  return { authentication: 'api-key', accountId, credentialName };
}

/** Where the caller uses the service's own names of hosts, they must be right, too. */
function checkHost(request: ReceivedRequest, caller: Caller, accountId: string): void {
  const match = dataHostPattern.exec(request.headers.get('host') ?? '');
  if (match === null) return;
  const wantsRam = caller.authentication === 'agentrun4';
  if (match[1] !== accountId || (match[2] !== undefined) !== wantsRam) throw forbidden('The host is not for this caller');
}

function identifyBySignature(request: ReceivedRequest, header: string, gate: DataGate): Caller {
  const authorization = parseAgentrun4Authorization(header);
  if (authorization === undefined) throw forbidden('Agentrun-Authorization is malformed');
  const key = gate.keys.find(authorization.accessKeyId);
  if (key === undefined) throw forbidden('The access key is unknown');
  checkScope(request, authorization, gate);
  checkSecurityToken(request, key, gate.nowMs);
  const { signedNames, signature, scope } = authorization;
  const contentHash = request.headers.get('x-acs-content-sha256') ?? '';
  const missing = unsignedNames(request.headers, signedNames, ['x-acs-content-sha256', 'x-acs-date']);
  const isWellFormed = contentHash === UNSIGNED_PAYLOAD && missing.length === 0 && areProperNames(request.headers, signedNames);
  if (!isWellFormed || !isSameText(signature, agentrun4Signature({ ...request, signedNames, contentHash }, scope, key.accessKeySecret)))
    throw forbidden('Signature verification failed');
  return { authentication: 'agentrun4', accountId: key.accountId, key };
}

function checkScope(request: ReceivedRequest, { scope }: Agentrun4Authorization, gate: DataGate): void {
  const date = request.headers.get('x-acs-date');
  const time = parseSigningDate(date);
  if (date === undefined || time === undefined) throw forbidden('x-acs-date is malformed');
  if (!isInWindow(time, gate.nowMs)) throw forbidden('The request has expired');
  const isRightScope =
    scope.date === date.slice(0, 10).replaceAll('-', '') &&
    scope.region === gate.region &&
    scope.product === 'agentrun' &&
    scope.terminator === 'aliyun_v4_request';
  if (!isRightScope) throw forbidden('The credential is for another day, region or product');
}

function checkSecurityToken(request: ReceivedRequest, key: FakeAccessKey, nowMs: number): void {
  const token = request.headers.get('x-acs-security-token');
  if (token === undefined && key.securityToken === undefined) return;
  if (token === undefined || key.securityToken === undefined || !isSameText(token, key.securityToken))
    throw forbidden('The security token does not belong to the access key');
  if (nowMs >= (key.securityTokenExpiresAtMs ?? Number.POSITIVE_INFINITY)) throw expiredDataToken();
}

export function expiredDataToken(): ServiceError {
  return forbidden('The security token has expired');
}
