import { createHash, createHmac, randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import type { FakeAccessKey, FakeAgentRun } from '../../src/index.ts';

/** Where a fake is, which may be in another process. */
export type FakeAddress = Pick<FakeAgentRun, 'host' | 'region' | 'account'>;

/** A request that can be changed after it was signed. */
export interface Draft {
  method: string;
  /** With its query. */
  target: string;
  headers: Record<string, string>;
  body: string | Buffer;
}

/** Of the bodies, the fields that tests look at by name. What is not there is found out by the test that looks. */
export interface ReplyBody {
  readonly code: string;
  readonly Code: string;
  readonly message: string;
  readonly Message: string;
  readonly AccessDeniedDetail: { readonly AuthAction: string };
  readonly data: { readonly status: string; readonly sandboxId: string; readonly accessToken: string } & Readonly<Record<string, unknown>>;
  readonly id: string;
  readonly results: unknown[];
  readonly result: { readonly stdout: string };
  readonly items: { readonly processId: string; readonly status: string }[];
  readonly content: string;
  readonly entry: unknown;
  readonly entries: { readonly path: string }[];
}

/** What came back. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly bytes: Buffer;
  /** The body as JSON. */
  readonly json: ReplyBody;
}

const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
const dateText = (timeMs: number): string => new Date(timeMs).toISOString().replace(/\.\d+Z$/, 'Z');

function canonical({ method, target, headers }: Draft, names: readonly string[], hash: string): string {
  const url = new URL(target, 'http://localhost');
  const query = [...url.searchParams].map(([key, value]) => `${encode(key)}=${encode(value)}`).toSorted();
  const lines = names.map((name) => `${name}:${headers[name]}\n`);
  return [method, target.split('?')[0], query.join('&'), lines.join(''), names.join(';'), hash].join('\n');
}

/** How the signer's clock and names differ from what is right. */
export interface SigningOptions {
  readonly timeMs?: number;
  readonly region?: string;
  readonly product?: string;
  readonly extraHeaders?: Readonly<Record<string, string>>;
}

/** Signs as ACS3-HMAC-SHA256 says; written apart from what verifies it. */
export function draftControl(
  fake: FakeAddress,
  key: FakeAccessKey,
  action: string,
  method: string,
  path: string,
  body?: unknown,
  options: SigningOptions = {},
): Draft {
  const text = body === undefined ? '' : JSON.stringify(body);
  const headers: Record<string, string> = {
    host: fake.host,
    'x-acs-version': '2025-09-10',
    'x-acs-action': action,
    'x-acs-date': dateText(options.timeMs ?? Date.now()),
    'x-acs-signature-nonce': randomUUID(),
    'x-acs-content-sha256': sha256(text),
    ...(text === '' ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    ...(key.securityToken === undefined ? {} : { 'x-acs-security-token': key.securityToken }),
    ...options.extraHeaders,
  };
  const draft: Draft = { method, target: `/2025-09-10${path}`, headers, body: text };
  const names = Object.keys(headers).toSorted();
  const toSign = `ACS3-HMAC-SHA256\n${sha256(canonical(draft, names, sha256(text)))}`;
  const signature = hmac(key.accessKeySecret, toSign).toString('hex');
  headers['authorization'] = `ACS3-HMAC-SHA256 Credential=${key.accessKeyId},SignedHeaders=${names.join(';')},Signature=${signature}`;
  return draft;
}

/** Signs as AGENTRUN4-HMAC-SHA256 says; written apart from what verifies it. */
export function draftData(
  fake: FakeAddress,
  key: FakeAccessKey,
  method: string,
  path: string,
  body?: unknown,
  options: SigningOptions = {},
): Draft {
  const isRaw = typeof body === 'string' || Buffer.isBuffer(body);
  const content = body === undefined ? '' : isRaw ? body : JSON.stringify(body);
  const date = dateText(options.timeMs ?? Date.now());
  const headers: Record<string, string> = {
    host: fake.host,
    'x-acs-date': date,
    'x-acs-content-sha256': 'UNSIGNED-PAYLOAD',
    ...(key.securityToken === undefined ? {} : { 'x-acs-security-token': key.securityToken }),
  };
  const draft: Draft = { method, target: path, headers, body: content };
  const names = Object.keys(headers).toSorted();
  const scope = [date.slice(0, 10).replaceAll('-', ''), options.region ?? fake.region, options.product ?? 'agentrun', 'aliyun_v4_request'];
  const signingKey = scope.reduce<string | Buffer>((former, step) => hmac(former, step), `aliyun_v4${key.accessKeySecret}`);
  const signature = hmac(signingKey, `AGENTRUN4-HMAC-SHA256\n${sha256(canonical(draft, names, 'UNSIGNED-PAYLOAD'))}`).toString('hex');
  headers['agentrun-authorization'] =
    `AGENTRUN4-HMAC-SHA256 Credential=${key.accessKeyId}/${scope.join('/')},SignedHeaders=${names.join(';')},Signature=${signature}`;
  Object.assign(headers, { 'content-type': 'application/json' }, options.extraHeaders);
  return draft;
}

/** Sends a request exactly as it is. */
export function send(fake: FakeAddress, draft: Draft, signal?: AbortSignal): Promise<Reply> {
  const [hostname, port] = fake.host.split(':');
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      {
        hostname,
        port,
        method: draft.method,
        path: draft.target,
        headers: { ...draft.headers, 'content-length': Buffer.byteLength(draft.body) },
        agent: false,
        ...(signal === undefined ? {} : { signal }),
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => void chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const text = bytes.toString();
          const isJson = incoming.headers['content-type']?.startsWith('application/json') === true;
          let json: unknown;
          try {
            json = isJson ? JSON.parse(text) : undefined;
          } catch (error) {
            json = error;
          }
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text, bytes, json: json as ReplyBody });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(draft.body);
  });
}
