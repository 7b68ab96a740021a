import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { AdminUnderTest } from '../admin-under-test.ts';

const SCRIPT = `console.log(${JSON.stringify('x'.repeat(4000))});`;

let folder: string;
let served: AdminUnderTest;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandport-page-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><html><head><title>Sandport</title></head><body></body></html>');
  await writeFile(join(folder, 'assets', 'index-abc123.js'), SCRIPT);
  await writeFile(join(folder, 'assets', 'tiny-abc123.svg'), '<svg/>');
  await writeFile(join(folder, 'favicon.svg'), '<svg/>');
  served = await AdminUnderTest.start({ pageFolder: folder });
});

afterAll(async () => {
  await served[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Without a client that unpacks what it gets. */
async function raw(
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }> {
  return new Promise((resolve, reject) => {
    request(`${served.admin.address}${path}`, { headers, agent: false }, (answer) => {
      const pieces: Buffer[] = [];
      answer
        .on('data', (piece: Buffer) => pieces.push(piece))
        .on('end', () => resolve({ status: answer.statusCode ?? 0, headers: { ...answer.headers }, body: Buffer.concat(pieces) }));
    })
      .on('error', reject)
      .end();
  });
}

test('the root leads to the page', async () => {
  const answer = await served.fetch('GET', '/');
  expect([answer.status, answer.headers.get('location')]).toEqual([302, '/admin/sandbox-settings']);
});

test.each([
  '/admin',
  '/admin/',
  '/admin/sandbox-settings',
  '/admin/first-account',
  '/admin/sandbox-settings/history/7',
  '/admin/index.html',
])('the document is served at %s, with a word of its own in head and policy', async (path) => {
  const [first, second] = [await served.fetch('GET', path), await served.fetch('GET', path)];
  const nonces = [first, second].map(({ status, headers, body }) => {
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const nonce = /<meta name="csp-nonce" content="([\w-]{22})">/.exec(body)?.[1] ?? 'none';
    expect(headers.get('content-security-policy')).toBe(
      `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data: blob:; font-src 'self'; ` +
        `connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
    );
    expect([headers.get('cache-control'), headers.get('vary')]).toEqual(['no-store', 'cookie, accept-encoding']);
    return nonce;
  });
  expect(nonces[0]).not.toBe(nonces[1]);
});

test.each([
  ['br, gzip', 'br', brotliDecompressSync],
  ['gzip, deflate', 'gzip', gunzipSync],
  ['gzip, br;q=0', 'gzip', gunzipSync],
] as const)('a script is packed for whoever takes %s', async (accepted, encoding, unpack) => {
  const { status, headers, body } = await raw('/admin/assets/index-abc123.js', { 'accept-encoding': accepted });
  expect([status, headers['content-encoding'], headers['vary']]).toEqual([200, encoding, 'accept-encoding']);
  expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
  expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
  expect(body.byteLength).toBeLessThan(200);
  expect(unpack(body).toString()).toBe(SCRIPT);
});

test('what gets no smaller, and what nobody unpacks, is sent as it is', async () => {
  const plain = await raw('/admin/assets/index-abc123.js');
  expect([plain.headers['content-encoding'], plain.body.toString()]).toEqual([undefined, SCRIPT]);
  const tiny = await raw('/admin/assets/tiny-abc123.svg', { 'accept-encoding': 'br' });
  expect([tiny.headers['content-encoding'], tiny.headers['content-type'], tiny.body.toString()]).toEqual([
    undefined,
    'image/svg+xml',
    '<svg/>',
  ]);
  const known = await raw('/admin/favicon.svg', { 'if-none-match': String((await raw('/admin/favicon.svg')).headers['etag']) });
  expect([known.status, known.body.byteLength]).toEqual([304, 0]);
});

test.each([
  '/admin/assets/gone-1.js',
  '/admin/assets/../../package.json',
  '/admin/assets/%2e%2e/%2e%2e/package.json',
  '/admin/assets/..%2f..%2fpackage.json',
])('no file is served at %s', async (path) => {
  const { status, headers } = await raw(path);
  expect([status, headers['content-type']]).toEqual([404, 'application/problem+json']);
});

test("every answer says that it is nobody else's", async () => {
  for (const path of ['/', '/admin/', '/admin/assets/index-abc123.js', '/api/v1/admin/session', '/nowhere', '/api/v1/admin/accounts']) {
    const { headers } = await served.fetch('GET', path);
    expect(
      ['x-content-type-options', 'referrer-policy', 'cross-origin-opener-policy', 'cross-origin-resource-policy', 'x-frame-options'].map(
        (name) => headers.get(name),
      ),
      path,
    ).toEqual(['nosniff', 'no-referrer', 'same-origin', 'same-origin', 'DENY']);
    expect(headers.get('content-security-policy'), path).toContain("default-src 'none'");
    expect(headers.get('strict-transport-security')).toBeNull();
    expect(headers.get('access-control-allow-origin')).toBeNull();
  }
  const api = await served.fetch('GET', '/api/v1/admin/session');
  expect(api.headers.get('cache-control')).toBe('no-store');
});

test('where browsers come by https they are told to stay there', async () => {
  await using secured = await AdminUnderTest.start({ config: { publicUrl: 'https://sandport.example' } });
  expect((await secured.fetch('GET', '/admin/')).headers.get('strict-transport-security')).toBe('max-age=31536000');
  expect(await secured.admin.firstAccountLink()).toMatch(/^https:\/\/sandport\.example\/admin\/first-account#/);
});

test('a document with a place for the word has it there', async () => {
  const other = await mkdtemp(join(tmpdir(), 'sandport-page-'));
  onTestFinished(() => rm(other, { recursive: true, force: true }));
  await writeFile(join(other, 'index.html'), '<html><head><meta charset="utf-8" /><meta name="csp-nonce" content="" /></head></html>');
  await using placed = await AdminUnderTest.start({ pageFolder: other });
  const { body } = await placed.fetch('GET', '/admin/');
  expect(body).toMatch(
    /^<html><head><meta charset="utf-8" \/><meta name="csp-nonce" content="[\w-]{22}" \/><script [^>]*>[^<]*<\/script><\/head><\/html>$/,
  );
});

test('a page that was not built says what to run', async () => {
  await using bare = await AdminUnderTest.start();
  const answer = await bare.fetch('GET', '/admin/sandbox-settings');
  expect([answer.status, answer.body]).toEqual([503, expect.stringContaining('npm start')]);
});
