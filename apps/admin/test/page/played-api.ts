import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { EVENTS_MEDIA_TYPE, ROUTES, type Role, type RouteName } from '@sandport/admin-api';
import { appDocument, filesOf, signInDocument } from '../../src/served-page/documents.ts';
import type { PageFile } from '../../src/served-page/page-files.ts';
import { playedAnswers, playedEvents, sessionOf, type PlayedCall } from './played-answers.ts';

const PAGE_FOLDER = path.resolve(import.meta.dirname, '../../dist/page');
const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html; charset=utf-8' };

const ENTRANCES = /^\/admin\/(?:first-account|invitation)$/;

/** Not packed: what is sent is packed with what is told in it. */
async function fileOf(name: string): Promise<PageFile> {
  const body = await readFile(path.join(PAGE_FOLDER, name));
  return { path: name, mediaType: TYPES['.html'] ?? '', etag: '', body, packed: {} };
}

/** Serves the built page, and answers its calls from plain data: to look at pages without a server of the app. */
export class PlayedApi {
  /** Who is signed in; `null` for nobody. */
  role: Role | null = 'admin';
  /** Whether the next call finds the session ended. */
  hasExpired = false;
  /** Whether nothing was ever called. */
  isUnused = false;
  /** Bytes of the page that were sent, compressed. */
  sentBytes = 0;
  readonly #server: Server = createServer((request, response) => void this.#serve(request, response));

  /** Starts to listen, and gives the address. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://played');
    try {
      if (url.pathname.startsWith('/api/')) await this.#answer(request, response, url);
      else await this.#servePage(response, url.pathname);
    } catch (error) {
      response.writeHead(500, { 'content-type': 'application/problem+json' });
      response.end(JSON.stringify({ code: 'INTERNAL', detail: String(error), status: 500, retryable: false }));
    }
  }

  async #servePage(response: ServerResponse, pathname: string): Promise<void> {
    if (pathname.startsWith('/admin/assets/')) {
      const file = path.join(PAGE_FOLDER, pathname.slice('/admin/'.length));
      return this.#send(response, await readFile(file, 'utf8'), {
        'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream',
      });
    }
    const app = await fileOf('index.html');
    const isStranger = this.role === null && !ENTRANCES.test(pathname);
    const make = isStranger ? signInDocument(await fileOf('sign-in.html'), filesOf(app)) : appDocument(app);
    const { body, policy } = await make({ session: sessionOf(this.hasExpired ? null : this.role) });
    return this.#send(response, body, { 'content-type': TYPES['.html'] ?? '', 'content-security-policy': policy });
  }

  #send(response: ServerResponse, text: string | Buffer, headers: Readonly<Record<string, string>>): void {
    const body = brotliCompressSync(text);
    this.sentBytes += body.length;
    response.writeHead(200, { ...headers, 'content-encoding': 'br' });
    response.end(body);
  }

  async #answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const found = findRoute(request.method ?? 'GET', url.pathname);
    if (found === undefined) return problem(response, 404, 'NOT_FOUND', 'There is nothing at this path.');
    const { name, params } = found;
    const call: PlayedCall = { params, query: url.searchParams, body: await readBody(request), isUnused: this.isUnused };
    if (name === 'readSession') return json(response, sessionOf(this.hasExpired ? null : this.role));
    if (name === 'signIn') {
      this.hasExpired = false;
      this.role ??= 'admin';
      return json(response, sessionOf(this.role));
    }
    if (this.role === null || this.hasExpired) return problem(response, 401, 'UNAUTHENTICATED', 'Nobody is signed in.');
    const events = playedEvents[name] as ((call: PlayedCall) => readonly unknown[]) | undefined;
    if (events !== undefined) {
      response.writeHead(200, { 'content-type': EVENTS_MEDIA_TYPE });
      response.end(
        events(call)
          .map((event) => `${JSON.stringify(event)}\n`)
          .join(''),
      );
      return undefined;
    }
    const answer = playedAnswers[name] as ((call: PlayedCall) => unknown) | undefined;
    if (answer !== undefined) return json(response, answer(call));
    response.writeHead(204);
    response.end();
    return undefined;
  }
}

function findRoute(
  method: string,
  pathname: string,
): { readonly name: RouteName; readonly params: Readonly<Record<string, string>> } | undefined {
  for (const [name, route] of Object.entries(ROUTES)) {
    const pattern = new RegExp(`^${route.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
    const match = route.method === method ? pattern.exec(pathname) : null;
    if (match !== null) return { name: name as RouteName, params: { ...match.groups } };
  }
  return undefined;
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length === 0 ? undefined : (JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown);
}

function json(response: ServerResponse, document: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(document));
}

function problem(response: ServerResponse, status: number, code: string, detail: string): void {
  response.writeHead(status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify({ type: 'about:blank', title: detail, status, code, detail, retryable: false }));
}
