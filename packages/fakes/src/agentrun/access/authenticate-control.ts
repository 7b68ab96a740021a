import type { ReceivedRequest } from '../../http/received-request.ts';
import { CONTROL_VERSION } from '../routes.ts';
import { gatewayError, ServiceError } from '../service-error.ts';
import { acs3Signature, acs3StringToSign, parseAcs3Authorization, type Acs3Authorization } from '../signatures/acs3-signature.ts';
import { isSameText, sha256Hex, type SignedRequest } from '../signatures/canonical-request.ts';
import type { FakeAccessKey } from '../fake-agent-run.ts';
import type { Authentication } from './caller.ts';
import type { KeyRing } from './key-ring.ts';
import { areProperNames, isInWindow, parseSigningDate, unsignedNames } from './signing-window.ts';

/** What decides about a signature of the control plane. */
export interface ControlGate {
  readonly keys: KeyRing;
  /** Nonces that were used already. */
  readonly usedNonces: Set<string>;
  /** Time of the clock that judges. */
  readonly nowMs: number;
  /** The operation that method and path stand for. */
  readonly operation: string | undefined;
}

const SIGNED_ALWAYS = ['x-acs-action', 'x-acs-content-sha256', 'x-acs-date', 'x-acs-signature-nonce', 'x-acs-version'];

/** Judges the signature of a request to the control plane. */
export function authenticateControl(request: ReceivedRequest, gate: ControlGate): Authentication {
  try {
    const authorization = parseAcs3Authorization(request.headers.get('authorization') ?? '');
    if (authorization === undefined)
      throw gatewayError(400, 'IncompleteSignature', 'The request has no Authorization header of ACS3-HMAC-SHA256.');
    const key = gate.keys.find(authorization.accessKeyId);
    if (key === undefined) throw gatewayError(404, 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.');
    checkDate(request, gate.nowMs);
    checkSecurityToken(request, key, gate.nowMs);
    checkSignature(request, authorization, key);
    checkTarget(request, gate.operation);
    const nonce = request.headers.get('x-acs-signature-nonce') ?? '';
    if (nonce === '' || gate.usedNonces.has(nonce))
      throw gatewayError(400, 'SignatureNonceUsed', 'Specified signature nonce was used already.');
    gate.usedNonces.add(nonce);
    return { caller: { authentication: 'acs3', accountId: key.accountId, key } };
  } catch (error) {
    if (error instanceof ServiceError) return { refusal: error };
    throw error;
  }
}

function checkDate(request: ReceivedRequest, nowMs: number): void {
  const time = parseSigningDate(request.headers.get('x-acs-date'));
  if (time === undefined) throw gatewayError(400, 'InvalidTimeStamp.Format', 'Specified time stamp or date value is not well formatted.');
  if (!isInWindow(time, nowMs)) throw gatewayError(400, 'InvalidTimeStamp.Expired', 'Specified time stamp or date value is expired.');
}

function checkSecurityToken(request: ReceivedRequest, key: FakeAccessKey, nowMs: number): void {
  const token = request.headers.get('x-acs-security-token');
  if (token === undefined && key.securityToken === undefined) return;
  if (token === undefined) throw gatewayError(400, 'MissingSecurityToken', 'SecurityToken is mandatory for this action.');
  if (key.securityToken === undefined || !isSameText(token, key.securityToken))
    throw gatewayError(400, 'InvalidSecurityToken.MismatchWithAccessKey', 'Specified SecurityToken mismatch with the AccessKey.');
  if (nowMs >= (key.securityTokenExpiresAtMs ?? Number.POSITIVE_INFINITY)) throw expiredControlToken();
}

export function expiredControlToken(): ServiceError {
  return gatewayError(400, 'InvalidSecurityToken.Expired', 'Specified SecurityToken is expired.');
}

function checkSignature(request: ReceivedRequest, authorization: Acs3Authorization, key: FakeAccessKey): void {
  const { signedNames, signature } = authorization;
  const required = request.body.length > 0 && request.headers.has('content-type') ? [...SIGNED_ALWAYS, 'content-type'] : SIGNED_ALWAYS;
  const missing = unsignedNames(request.headers, signedNames, required);
  if (missing.length > 0 || !areProperNames(request.headers, signedNames))
    throw gatewayError(400, 'SignatureDoesNotMatch', `These headers are not signed as they must be: ${missing.join(', ')}`);
  const contentHash = request.headers.get('x-acs-content-sha256') ?? '';
  if (!isSameText(contentHash, sha256Hex(request.body)))
    throw gatewayError(400, 'SignatureDoesNotMatch', 'x-acs-content-sha256 is not the hash of the body.');
  const signed: SignedRequest = { ...request, signedNames, contentHash };
  if (isSameText(signature, acs3Signature(signed, key.accessKeySecret))) return;
  throw gatewayError(
    400,
    'SignatureDoesNotMatch',
    `Specified signature is not matched with our calculation. server string to sign is:${acs3StringToSign(signed)}`,
  );
}

function checkTarget(request: ReceivedRequest, operation: string | undefined): void {
  if (request.headers.get('x-acs-version') !== CONTROL_VERSION)
    throw gatewayError(404, 'InvalidVersion', 'Specified parameter Version is not valid.');
  if (operation === undefined || request.headers.get('x-acs-action') !== operation)
    throw gatewayError(404, 'InvalidAction.NotFound', 'Specified api is not found, please check your url and method.');
}
