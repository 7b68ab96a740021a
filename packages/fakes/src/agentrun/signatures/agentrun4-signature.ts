import { createHmac } from 'node:crypto';
import { canonicalRequest, sha256Hex, type SignedRequest } from './canonical-request.ts';

const AGENTRUN4 = 'AGENTRUN4-HMAC-SHA256';
export const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';

const headerPattern =
  /^AGENTRUN4-HMAC-SHA256 Credential=([^,/\s]+)\/([0-9]{8})\/([^,/\s]+)\/([^,/\s]+)\/([^,/\s]+),SignedHeaders=([a-z0-9;-]+),Signature=([0-9a-f]{64})$/;

/** For what a signature holds. */
export interface Agentrun4Scope {
  /** `YYYYMMDD` */
  readonly date: string;
  readonly region: string;
  readonly product: string;
  readonly terminator: string;
}

/** What an `Agentrun-Authorization` header says. */
export interface Agentrun4Authorization {
  readonly accessKeyId: string;
  readonly scope: Agentrun4Scope;
  readonly signedNames: readonly string[];
  readonly signature: string;
}

export function parseAgentrun4Authorization(header: string): Agentrun4Authorization | undefined {
  const [, accessKeyId, date, region, product, terminator, names, signature] = headerPattern.exec(header) ?? [];
  if (accessKeyId === undefined || date === undefined || region === undefined || product === undefined) return undefined;
  if (terminator === undefined || names === undefined || signature === undefined) return undefined;
  return { accessKeyId, scope: { date, region, product, terminator }, signedNames: names.split(';'), signature };
}

/** The signature of the data plane: its key is derived from the secret, the day, the region and the product. */
export function agentrun4Signature(request: SignedRequest, scope: Agentrun4Scope, accessKeySecret: string): string {
  const steps = [scope.date, scope.region, scope.product, scope.terminator];
  const key = steps.reduce<string | Buffer>(
    (former, step) => createHmac('sha256', former).update(step).digest(),
    `aliyun_v4${accessKeySecret}`,
  );
  return createHmac('sha256', key)
    .update(`${AGENTRUN4}\n${sha256Hex(canonicalRequest(request))}`)
    .digest('hex');
}
