import { createHmac } from 'node:crypto';
import { canonicalRequest, sha256Hex, type SignedRequest } from './canonical-request.ts';

const ACS3 = 'ACS3-HMAC-SHA256';

const headerPattern = /^ACS3-HMAC-SHA256 Credential=([^,\s]+), ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/;

/** What an `Authorization` header of the control plane says. */
export interface Acs3Authorization {
  readonly accessKeyId: string;
  readonly signedNames: readonly string[];
  readonly signature: string;
}

export function parseAcs3Authorization(header: string): Acs3Authorization | undefined {
  const [, accessKeyId, names, signature] = headerPattern.exec(header) ?? [];
  if (accessKeyId === undefined || names === undefined || signature === undefined) return undefined;
  return { accessKeyId, signedNames: names.split(';'), signature };
}

export function acs3StringToSign(request: SignedRequest): string {
  return `${ACS3}\n${sha256Hex(canonicalRequest(request))}`;
}

/** The signature of the control plane: keyed with the secret as it is. */
export function acs3Signature(request: SignedRequest, accessKeySecret: string): string {
  return createHmac('sha256', accessKeySecret).update(acs3StringToSign(request)).digest('hex');
}
