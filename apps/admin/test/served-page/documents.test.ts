import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { PAGE_FACTS_ID, type PageFacts } from '@sandport/admin-api';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { appDocument, filesOf, signInDocument } from '../../src/served-page/documents.ts';
import type { PageFile } from '../../src/served-page/page-files.ts';
import { AdminUnderTest, type Entered, type ReadAnswer } from '../admin-under-test.ts';
import { standInHandlers, type SeenCall } from '../server/stand-in-handlers.ts';

const APP = '<!doctype html><html><head><script type="module" src="/admin/assets/index-1.js"></script></head><body>app</body></html>';
const SCRIPT = 'console.log("signs in");';
const STYLE = 'body { margin: 0 }';
const SIGN_IN = `<!doctype html><html><head><style>${STYLE}</style></head><body>sign-in<script>${SCRIPT}</script></body></html>`;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandport-documents-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), APP);
  await writeFile(join(folder, 'sign-in.html'), SIGN_IN);
  await writeFile(join(folder, 'assets', 'index-1.js'), 'console.log(1);');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function serve(options: Parameters<typeof AdminUnderTest.start>[0] = {}): Promise<AdminUnderTest> {
  const served = await AdminUnderTest.start({ pageFolder: folder, ...options });
  onTestFinished(() => served[Symbol.asyncDispose]());
  return served;
}

function fileOf(text: string): PageFile {
  return { path: 'x.html', mediaType: 'text/html; charset=utf-8', etag: '"x"', body: Buffer.from(text), packed: {} };
}

function factsIn(body: string): PageFacts {
  const text = new RegExp(`<script type="application/json" id="${PAGE_FACTS_ID}">([^<]*)</script>`).exec(body)?.[1] ?? '';
  return JSON.parse(text) as PageFacts;
}

function kindOf({ body }: ReadAnswer): string {
  return /<body>(app|sign-in)/.exec(body)?.[1] ?? 'neither';
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

function open(served: AdminUnderTest, path: string, entered?: Entered): Promise<ReadAnswer> {
  return served.fetch('GET', path, { headers: entered === undefined ? {} : { cookie: entered.cookie } });
}

test('who has no session gets the sign-in page at every address but those that let somebody in', async () => {
  const served = await serve();
  for (const path of ['/admin', '/admin/', '/admin/sandbox-settings?sign-in=refused', '/admin/sign-in.html', '/admin/index.html']) {
    expect(kindOf(await open(served, path)), path).toBe('sign-in');
  }
  for (const path of ['/admin/first-account', '/admin/invitation', '/admin/invitation?x=1'])
    expect(kindOf(await open(served, path)), path).toBe('app');
});

test('the same address has the app while the session lives, and neither document is kept', async () => {
  const served = await serve();
  const entered = await served.enterAsFirst();
  const during = await open(served, '/admin/history', entered);
  await served.call('signOut', { headers: entered.headers });
  const after = await open(served, '/admin/history', entered);
  expect([kindOf(during), kindOf(after)]).toEqual(['app', 'sign-in']);
  for (const { headers } of [during, after]) {
    expect([headers.get('cache-control'), headers.get('vary')]).toEqual(['no-store', 'cookie, accept-encoding']);
  }
  expect(after.body).not.toContain(entered.session.csrfToken);
});

test('a cookie that is no session, twice there, or too old shows the sign-in page', async () => {
  const served = await serve();
  const entered = await served.enterAsFirst();
  for (const cookie of ['sandport-session=x', `${entered.cookie}; ${entered.cookie}`]) {
    expect(kindOf(await served.fetch('GET', '/admin/', { headers: { cookie } }))).toBe('sign-in');
  }
  served.clock.nowMs += 400 * 86_400_000;
  expect(kindOf(await open(served, '/admin/', entered))).toBe('sign-in');
});

test('an API token is nothing that the page is opened with', async () => {
  const served = await serve();
  const entered = await served.enterAsFirst();
  const made = await served.call('createToken', { body: { name: 'x', role: 'admin', lifetimeDays: 1 }, headers: entered.headers });
  const { secret = '' } = JSON.parse(made.body) as { secret?: string };
  expect(secret).toMatch(/^sp_/);
  const answer = await served.fetch('GET', '/admin/', { headers: { authorization: `Bearer ${secret}` } });
  expect(kindOf(answer)).toBe('sign-in');
});

test('the document of the app tells who is signed in, and at its first address what is in use', async () => {
  const seen: SeenCall[] = [];
  const served = await serve({ handlers: standInHandlers(seen) });
  const entered = await served.enterAsFirst();
  const { body, headers } = await open(served, '/admin/sandbox-settings?x=1', entered);
  expect(factsIn(body)).toEqual({ session: entered.session, installation: { stoodInFor: 'readInstallation' } });
  expect(headers.get('content-encoding')).toBeNull();
  expect(seen.map(({ name, call }) => [name, call.caller])).toEqual([
    ['readInstallation', expect.objectContaining({ name: 'root', role: 'admin' })],
  ]);
  expect(factsIn((await open(served, '/admin/history', entered)).body)).toEqual({ session: entered.session });
  expect(seen).toHaveLength(1);
});

test('the sign-in page tells how to sign in, and what the app will begin with', async () => {
  const served = await serve();
  expect(factsIn((await open(served, '/admin/')).body)).toEqual({
    session: { account: null, csrfToken: null, endsAtMs: null, needsFirstAccount: true, openIdName: null, version: '0.0.0' },
    ahead: ['/admin/assets/index-1.js'],
  });
  await served.enterAsFirst();
  expect(factsIn((await open(served, '/admin/')).body).session.needsFirstAccount).toBe(false);
});

test('what is in use is left out when it cannot be read', async () => {
  const served = await serve({
    handlers: standInHandlers([], { readInstallation: () => Promise.reject(new Error('no database')) }),
  });
  const entered = await served.enterAsFirst();
  const answer = await open(served, '/admin/sandbox-settings', entered);
  expect([answer.status, kindOf(answer), factsIn(answer.body)]).toEqual([200, 'app', { session: entered.session }]);
});

test('the app comes without facts when it cannot be found out who asks', async () => {
  const lines: string[] = [];
  const served = await serve({ logLines: lines });
  const entered = await served.enterAsFirst();
  await served.settings.close();
  const answer = await open(served, '/admin/', entered);
  expect([answer.status, kindOf(answer), answer.body.includes(PAGE_FACTS_ID)]).toEqual([200, 'app', false]);
  expect(lines.join('')).toContain('without knowing who asks');
});

test('the policy of the sign-in page lets its own script and style run, and no other within it', async () => {
  const { policy, body, packed } = await signInDocument(fileOf(SIGN_IN), [])(undefined);
  expect(policy).toContain(`script-src 'self' ${hashOf(SCRIPT)};`);
  expect(policy).toContain(`style-src 'self' ${hashOf(STYLE)};`);
  expect(policy).not.toMatch(/unsafe|nonce/);
  expect(body.toString()).toBe(SIGN_IN);
  for (const [encoding, packedBody] of Object.entries(packed))
    if (encoding === 'br') expect(brotliDecompressSync(packedBody).toString()).toBe(SIGN_IN);
});

test('no text of others ends the element that the facts are in', async () => {
  const hostile = '</script><script>document.title="taken"</script><!--<script>';
  const session = {
    account: { id: '1', name: hostile, role: 'admin', signsInBy: 'password' },
    csrfToken: 'x',
    endsAtMs: 1,
    needsFirstAccount: false,
    openIdName: hostile,
    version: '1',
  } as const;
  for (const make of [appDocument(fileOf(APP)), signInDocument(fileOf(SIGN_IN), [])]) {
    const text = (await make({ session })).body.toString();
    expect(text).not.toContain('taken"</script>');
    expect(factsIn(text).session).toEqual(session);
  }
});

test('files of a document are its scripts and styles', () => {
  const head =
    '<link rel="modulepreload" crossorigin href="/admin/assets/a.js"><link rel="stylesheet" href="/admin/assets/b.css"><link rel="icon" href="/c.svg">';
  expect(filesOf(fileOf(head))).toEqual(['/admin/assets/a.js', '/admin/assets/b.css']);
});
