import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Sandbox } from 'e2b';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFakeE2b, type FakeE2b } from '../../src/index.ts';
import { anyText } from '../matchers.ts';
import { connectionTo } from './e2b-user.ts';
import { outputOf, WireUser, type Reply } from './wire.ts';

let fake: FakeE2b;
let user: WireUser;

beforeAll(async () => {
  fake = await startFakeE2b({ fileSystem: 'mapped', maxDiskBytes: 20_000_000, maxBodyBytes: 12_000_000 });
  user = await new WireUser(fake).open({ templateID: 'base' });
});

afterAll(() => fake.close());

const octets = { 'content-type': 'application/octet-stream' };
const read = (path: string, headers: Record<string, string> = {}): Promise<Reply> =>
  user.inSandbox({ path: `/files?path=${encodeURIComponent(path)}`, headers });
const write = (path: string, body: Buffer | string, headers: Record<string, string> = octets): Promise<Reply> =>
  user.inSandbox({ method: 'POST', path: `/files?path=${encodeURIComponent(path)}`, headers, body });

describe('uploads', () => {
  test('are answered with a list', async () => {
    expect((await write('a/b.txt', 'text')).json).toEqual([{ name: 'b.txt', type: 'file', path: '/home/user/a/b.txt' }]);
    const part = (name: string): string => `--b\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\n\r\n${name}\r\n`;
    const body = `${part('/tmp/x.txt')}${part('y/z.txt')}--b--\r\n`;
    const form = await user.inSandbox({
      method: 'POST',
      path: '/files',
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
      body,
    });
    expect((form.json as { path: string }[]).map(({ path }) => path)).toEqual(['/tmp/x.txt', '/home/user/y/z.txt']);
    expect((await read('~/y/z.txt')).body.toString()).toBe('y/z.txt');
  });

  test('may be compressed', async () => {
    expect((await write('zipped.txt', gzipSync('unpacked'), { ...octets, 'content-encoding': 'gzip' })).status).toBe(200);
    expect((await read('zipped.txt')).body.toString()).toBe('unpacked');
    expect((await write('zipped.txt', 'no gzip', { ...octets, 'content-encoding': 'gzip' })).status).toBe(400);
    expect((await write('zipped.txt', 'x', { ...octets, 'content-encoding': 'br' })).status).toBe(415);
  });

  test.each([
    ['to a folder', '/home/user', octets, 400],
    ['to nowhere', '', octets, 400],
    ['of something else', 'x', { 'content-type': 'application/json' }, 400],
    ['out of the sandbox', '/etc/fake', octets, 403],
    ['of a user who is not there', 'x&username=nobody', octets, 401],
  ])('%s are refused', async (_title, path, headers, status) => {
    const reply = await user.inSandbox({ method: 'POST', path: `/files?path=${path}`, headers, body: 'x' });
    expect(reply).toMatchObject({ status, json: { code: status, message: anyText } });
  });

  test('are refused when they are too large, and when the disk is full', async () => {
    expect((await write('big.bin', Buffer.alloc(12_000_001))).status).toBe(413);
    expect((await write('big.bin', Buffer.alloc(11_000_000))).status).toBe(200);
    expect(await write('big.bin', Buffer.alloc(11_000_000))).toMatchObject({ status: 507, json: { code: 507 } });
  });
});

describe('downloads', () => {
  test('have a length, or are compressed for those who can read it', async () => {
    await write('text.txt', 'x'.repeat(1_000));
    const plain = await read('text.txt');
    expect([plain.headers['content-length'], plain.body.length]).toEqual(['1000', 1_000]);
    const zipped = await read('text.txt', { 'accept-encoding': 'gzip' });
    expect([zipped.headers['content-encoding'], gunzipSync(zipped.body).length]).toEqual(['gzip', 1_000]);
    await write('empty.txt', '');
    const empty = await read('empty.txt', { 'accept-encoding': 'gzip' });
    expect([empty.headers['content-length'], empty.headers['content-encoding']]).toEqual(['0', undefined]);
  });

  test('of what is missing, a folder or foreign are refused', async () => {
    expect(await read('missing')).toMatchObject({ status: 404, json: { code: 404 } });
    expect(await read('.')).toMatchObject({ status: 400 });
    expect(await read('/etc/hostname')).toMatchObject({ status: 403 });
  });

  test('that are large come whole', async () => {
    const { homeFolder } = fake.sandboxes()[0] ?? { homeFolder: '' };
    await writeFile(join(homeFolder, 'large.bin'), Buffer.alloc(30_000_000, 'y'));
    expect((await read('large.bin')).body).toHaveLength(30_000_000);
  });
});

describe('entries', () => {
  test('are described', async () => {
    await write('d/f.txt', 'four');
    const { homeFolder } = fake.sandboxes()[0] ?? { homeFolder: '' };
    await symlink('f.txt', join(homeFolder, 'd/link'));
    await symlink('/etc', join(homeFolder, 'd/out'));
    const { json } = await user.call('filesystem.Filesystem/ListDir', { path: 'd', depth: 1 });
    expect(json).toMatchObject({
      entries: [
        { name: 'f.txt', type: 'FILE_TYPE_FILE', path: '/home/user/d/f.txt', size: '4', owner: 'user', modifiedTime: anyText },
        { name: 'link', type: 'FILE_TYPE_FILE', symlinkTarget: 'f.txt' },
        { name: 'out', type: 'FILE_TYPE_SYMLINK', symlinkTarget: '/etc' },
      ],
    });
    expect(await user.call('filesystem.Filesystem/Stat', { path: 'd' })).toMatchObject({
      json: { entry: { type: 'FILE_TYPE_DIRECTORY', permissions: 'drwxr-xr-x' } },
    });
  });

  test.each([
    ['Stat', { path: 'missing' }, 'not_found', 404],
    ['Stat', { path: '/etc' }, 'permission_denied', 403],
    ['Stat', { path: 1 }, 'invalid_argument', 400],
    ['ListDir', { path: 'missing' }, 'not_found', 404],
    ['ListDir', { path: 'there.txt' }, 'invalid_argument', 400],
    ['MakeDir', { path: 'there.txt' }, 'invalid_argument', 400],
    ['MakeDir', { path: '.' }, 'already_exists', 409],
    ['Move', { source: 'missing', destination: 'x' }, 'not_found', 404],
    ['Remove', { path: '/etc/hostname' }, 'permission_denied', 403],
  ])('are refused to %s %o', async (procedure, message, code, status) => {
    await write('there.txt', '');
    expect(await user.call(`filesystem.Filesystem/${procedure}`, message)).toMatchObject({ status, json: { code, message: anyText } });
  });

  test('that are not there are removed without a word', async () => {
    expect(await user.call('filesystem.Filesystem/Remove', { path: 'missing' })).toMatchObject({ status: 200, json: {} });
  });
});

test('programs and the API see the same files', async () => {
  await using other = await startFakeE2b();
  const inside = await new WireUser(other).open({ templateID: 'base' });
  await inside.inSandbox({ method: 'POST', path: '/files?path=seen.txt', headers: octets, body: 'seen' });
  expect(outputOf((await inside.run('cat "$HOME/seen.txt"')).frames)).toBe('seen');
  const { fileSystem } = other.sandboxes()[0] ?? {};
  const { frames } = await inside.run('cat /home/user/seen.txt');
  expect(outputOf(frames)).toBe(fileSystem === 'mounted' ? 'seen' : '');
});

test('the vendor client compresses both ways', async () => {
  const sandbox = await Sandbox.create('base', connectionTo(fake));
  await sandbox.files.write('z.txt', 'zipped', { gzip: true });
  expect(fake.requests.at(-1)).toMatchObject({ operation: 'WriteFile', status: 200 });
  expect(await sandbox.files.read('z.txt', { gzip: true })).toBe('zipped');
  await sandbox.files.write('o.txt', 'octets', { useOctetStream: true });
  expect(await sandbox.files.read('o.txt')).toBe('octets');
});
