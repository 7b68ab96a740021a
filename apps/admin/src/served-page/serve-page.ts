import { randomBytes } from 'node:crypto';
import { PAGE_PATH } from '@sandport/admin-api';
import { ServiceProblem, type App } from '@sandport/http-service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pagePolicy } from '../server/security-headers.ts';
import { chooseEncoding } from './choose-encoding.ts';
import type { PageFile } from './page-files.ts';
import '../server/route-config.ts';

/** Below it everything is the page. */
const PAGE_BASE = '/admin/';

/** Names of these files change with what is in them. */
const ASSETS = 'assets/';

const YEAR_S = 31_536_000;

const OPEN = { config: { access: 'everybody' }, schema: { hide: true } } as const;

const NONCE_BYTES = 16;

/** Serves the built page: its files, and for every other path below `/admin/` the document that finds out by itself what to show. */
export function servePage(app: App, files: readonly PageFile[] | undefined): void {
  app.get('/', OPEN, async (_request, reply) => reply.redirect(PAGE_PATH));
  // Browsers ask for it whatever a page says.
  app.get('/favicon.ico', OPEN, async (_request, reply) => reply.code(204).send());
  const index = files?.find(({ path }) => path === 'index.html');
  if (files === undefined || index === undefined) {
    serveEverywhere(app, async (_request, reply) => reply.code(503).type('text/plain; charset=utf-8').send(NOT_BUILT));
    return;
  }
  for (const file of files) {
    if (file !== index) app.get(`${PAGE_BASE}${file.path}`, OPEN, async (request, reply) => sendFile(request, reply, file));
  }
  // A page that is older than the server asks for files that are gone: they are not documents.
  app.get(`${PAGE_BASE}${ASSETS}*`, OPEN, async () => {
    throw new ServiceProblem('NOT_FOUND', 'There is no such file, or no longer: load the page again.');
  });
  const document = documentMaker(index);
  serveEverywhere(app, async (_request, reply) => {
    const nonce = randomBytes(NONCE_BYTES).toString('base64url');
    return reply
      .type(index.mediaType)
      .header('content-security-policy', pagePolicy(nonce))
      .header('cache-control', 'no-cache')
      .send(document(nonce));
  });
}

/** What is said where the page is missing. */
export const NOT_BUILT =
  'The page was not built. Run "npm start", or "npx pnpm@10 build" in the folder of the sources, and start this program again.\n';

function serveEverywhere(app: App, handler: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>): void {
  for (const path of ['/admin', PAGE_BASE, `${PAGE_BASE}*`]) app.get(path, OPEN, handler);
}

/** The document with the word by which its styles are known: where it has a place for it, or else at the beginning of its head. */
function documentMaker({ body }: PageFile): (nonce: string) => string {
  const text = body.toString('utf8');
  const place = /(?<=<meta name="csp-nonce" content=")(?=")/.exec(text)?.index;
  if (place !== undefined) return (nonce) => `${text.slice(0, place)}${nonce}${text.slice(place)}`;
  const head = text.indexOf(HEAD);
  if (head < 0) throw new Error('The built page has no <head>: build it again.');
  const at = head + HEAD.length;
  return (nonce) => `${text.slice(0, at)}<meta name="csp-nonce" content="${nonce}">${text.slice(at)}`;
}

const HEAD = '<head>';

async function sendFile(request: FastifyRequest, reply: FastifyReply, file: PageFile): Promise<unknown> {
  const lasts = file.path.startsWith(ASSETS) ? `public, max-age=${YEAR_S}, immutable` : 'no-cache';
  reply.header('cache-control', lasts).header('etag', file.etag).header('vary', 'accept-encoding');
  if (request.headers['if-none-match'] === file.etag) return reply.code(304).send();
  const encoding = chooseEncoding(request.headers['accept-encoding'], file.packed);
  if (encoding !== undefined) reply.header('content-encoding', encoding);
  return reply.type(file.mediaType).send(encoding === undefined ? file.body : file.packed[encoding]);
}
