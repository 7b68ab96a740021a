import { createHash, timingSafeEqual } from 'node:crypto';
import { decodeQuery } from '../../http/received-request.ts';

/** What both signatures are made of. */
export interface SignedRequest {
  readonly method: string;
  /** Path as it was sent. */
  readonly path: string;
  readonly queryText: string;
  readonly headers: ReadonlyMap<string, string>;
  /** Lower-case names in order. */
  readonly signedNames: readonly string[];
  /** What `x-acs-content-sha256` says. */
  readonly contentHash: string;
}

/** Percent-encodes as RFC 3986 wants it: everything but letters, digits and `-._~`. */
function encodeRfc3986(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Decoded and encoded again, so that it is the same for whatever way of encoding was sent; in order of keys, then of values. */
function canonicalQuery(queryText: string): string {
  return decodeQuery(queryText)
    .map(([key, value]) => `${encodeRfc3986(key)}=${encodeRfc3986(value)}`)
    .toSorted((one, other) => (one < other ? -1 : Number(one > other)))
    .join('&');
}

/** The text whose hash is signed: one part a line, each header a line of its own with a newline behind it. */
export function canonicalRequest(request: SignedRequest): string {
  return [
    request.method.toUpperCase(),
    request.path === '' ? '/' : request.path,
    canonicalQuery(request.queryText),
    request.signedNames.map((name) => `${name}:${(request.headers.get(name) ?? '').trim()}\n`).join(''),
    request.signedNames.join(';'),
    request.contentHash,
  ].join('\n');
}

export function sha256Hex(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Compares without telling by its time how much is the same. */
export function isSameText(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
