import { PAGE_PATH, type PageFacts } from '@sandport/admin-api';
import { ServiceProblem, type App } from '@sandport/http-service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { chooseEncoding } from './choose-encoding.ts';
import { appDocument, filesOf, signInDocument } from './documents.ts';
import type { PageFile } from './page-files.ts';
import '../server/route-config.ts';

/** Below it everything is the page. */
const PAGE_BASE = '/admin/';

/** Names of these files change with what is in them. */
const ASSETS = 'assets/';

const YEAR_S = 31_536_000;

const OPEN = { config: { access: 'everybody' }, schema: { hide: true } } as const;

/** Where links lead that let somebody in who has no session: the app asks what they need. */
const ENTRANCES: ReadonlySet<string> = new Set(['/admin/first-account', '/admin/invitation']);

const APP = 'index.html';
const SIGN_IN = 'sign-in.html';

/** What the page is served by. */
export interface PageOptions {
  /** Those of the built page; nothing where it was not built. */
  readonly files: readonly PageFile[] | undefined;
  /** What is told within the document; nothing where it cannot be found out, so that the page has to ask by itself. */
  readonly factsOf: (request: FastifyRequest, reply: FastifyReply) => Promise<PageFacts | undefined>;
}

/** Serves the built page: its files, and for every other path below `/admin/` the app, or for those without a session the sign-in page, which then comes back to the same path. */
export function servePage(app: App, { files, factsOf }: PageOptions): void {
  app.get('/', OPEN, async (_request, reply) => reply.redirect(PAGE_PATH));
  // Browsers ask for it whatever a page says.
  app.get('/favicon.ico', OPEN, async (_request, reply) => reply.code(204).send());
  const index = files?.find(({ path }) => path === APP);
  if (files === undefined || index === undefined) {
    serveEverywhere(app, async (_request, reply) => reply.code(503).type('text/plain; charset=utf-8').send(NOT_BUILT));
    return;
  }
  for (const file of files) {
    if (file.path !== APP && file.path !== SIGN_IN)
      app.get(`${PAGE_BASE}${file.path}`, OPEN, async (request, reply) => sendFile(request, reply, file));
  }
  // A page that is older than the server asks for files that are gone: they are not documents.
  app.get(`${PAGE_BASE}${ASSETS}*`, OPEN, async () => {
    throw new ServiceProblem('NOT_FOUND', 'There is no such file, or no longer: load the page again.');
  });
  const signInFile = files.find(({ path }) => path === SIGN_IN);
  const makeApp = appDocument(index);
  const makeSignIn = signInFile === undefined ? makeApp : signInDocument(signInFile, filesOf(index));
  serveEverywhere(app, async (request, reply) => {
    const facts = await factsOf(request, reply);
    const isStranger = facts?.session.account === null && !ENTRANCES.has(pathOf(request));
    const { policy, body, packed } = await (isStranger ? makeSignIn : makeApp)(facts);
    // Whoever signs in or out asks for the same address again, and is to get the other document.
    reply.header('content-security-policy', policy).header('cache-control', 'no-store').header('vary', 'cookie, accept-encoding');
    return sendPacked(request, reply.type(index.mediaType), { body, packed });
  });
}

function pathOf({ url }: FastifyRequest): string {
  return url.split('?', 1)[0] ?? '';
}

/** What is said where the page is missing. */
export const NOT_BUILT =
  'The page was not built. Run "npm start", or "npx pnpm@10 build" in the folder of the sources, and start this program again.\n';

function serveEverywhere(app: App, handler: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>): void {
  for (const path of ['/admin', PAGE_BASE, `${PAGE_BASE}*`]) app.get(path, OPEN, handler);
}

async function sendFile(request: FastifyRequest, reply: FastifyReply, file: PageFile): Promise<unknown> {
  const lasts = file.path.startsWith(ASSETS) ? `public, max-age=${YEAR_S}, immutable` : 'no-cache';
  reply.header('cache-control', lasts).header('etag', file.etag).header('vary', 'accept-encoding');
  if (request.headers['if-none-match'] === file.etag) return reply.code(304).send();
  return sendPacked(request, reply.type(file.mediaType), file);
}

function sendPacked(request: FastifyRequest, reply: FastifyReply, { body, packed }: Pick<PageFile, 'body' | 'packed'>): FastifyReply {
  const encoding = chooseEncoding(request.headers['accept-encoding'], packed);
  if (encoding !== undefined) reply.header('content-encoding', encoding);
  return reply.send(encoding === undefined ? body : packed[encoding]);
}
