import { Buffer } from 'node:buffer';
import { createHash, createHmac } from 'node:crypto';

/** The name of the algorithm, as it stands in the header and in what is signed. */
const ALGORITHM = 'AGENTRUN4-HMAC-SHA256';
const PRODUCT = 'agentrun';
const KEY_PREFIX = 'aliyun_v4';
const SCOPE_END = 'aliyun_v4_request';
/** The body is never part of the signature. */
const CONTENT_HASH = 'UNSIGNED-PAYLOAD';

/** An access key, as it is used for one request. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Of temporary keys. */
  readonly securityToken?: string | undefined;
}

/** What of a request is signed. */
export interface SignableRequest {
  readonly method: string;
  /** As it is sent: path and query are taken as they stand. */
  readonly url: URL;
  /** Signed too, when it is given. The service's own clients leave it out. */
  readonly contentType?: string | undefined;
}

/**
 * The headers that prove to AgentRun's data plane who calls.
 *
 * Protocol: the signature module of the official Python SDK 0.0.51 (`agentrun`), whose four published test vectors this reproduces. The canonical request has the path as
 * it is sent, the sorted query, one line for each signed header and the literal `UNSIGNED-PAYLOAD`; the string to sign has two lines; the key is derived through date,
 * region and product.
 */
export function signAgentRunRequest(
  request: SignableRequest,
  key: AccessKey,
  { region, now }: { readonly region: string; readonly now: Date },
): Record<string, string> {
  const timestamp = now.toISOString().replace(/\.\d{3}Z$/, 'Z');
  const date = timestamp.slice(0, 10).replaceAll('-', '');
  const own: Record<string, string> = {
    'x-acs-date': timestamp,
    'x-acs-content-sha256': CONTENT_HASH,
    ...(key.securityToken === undefined ? {} : { 'x-acs-security-token': key.securityToken }),
  };
  const signed: Record<string, string> = {
    ...own,
    host: request.url.host,
    ...(request.contentType === undefined ? {} : { 'content-type': request.contentType }),
  };
  const names = Object.keys(signed).sort();
  const canonicalRequest = [
    request.method.toUpperCase(),
    request.url.pathname === '' ? '/' : request.url.pathname,
    canonicalQuery(request.url),
    ...names.map((name) => `${name}:${(signed[name] ?? '').trim()}`),
    '',
    names.join(';'),
    CONTENT_HASH,
  ].join('\n');
  const stringToSign = `${ALGORITHM}\n${createHash('sha256').update(canonicalRequest).digest('hex')}`;
  const scope = [date, region, PRODUCT, SCOPE_END];
  const signingKey = scope.reduce<Uint8Array>((parent, part) => hmac(parent, part), Buffer.from(KEY_PREFIX + key.accessKeySecret));
  const signature = createHmac('sha256', signingKey).update(stringToSign).digest('hex');
  const credential = [key.accessKeyId, ...scope].join('/');
  return {
    ...own,
    'agentrun-authorization': `${ALGORITHM} Credential=${credential},SignedHeaders=${names.join(';')},Signature=${signature}`,
  };
}

/** Percent-encodes everything but RFC 3986's unreserved characters. */
export function encodeRfc3986(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Keys in order, each with `=`, also where the value is empty. */
function canonicalQuery({ searchParams }: URL): string {
  return [...searchParams]
    .map(([name, value]) => `${encodeRfc3986(name)}=${encodeRfc3986(value)}`)
    .sort()
    .join('&');
}

function hmac(key: Uint8Array, text: string): Uint8Array {
  return createHmac('sha256', key).update(text).digest();
}
