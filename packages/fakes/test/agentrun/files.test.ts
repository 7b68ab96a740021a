import { randomBytes } from 'node:crypto';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFakeAgentRun, type FakeAgentRun } from '../../src/index.ts';
import { AgentRunUser } from './agent-run-user.ts';
import { textLike } from '../matchers.ts';
import { draftData, send, type Reply } from './signed-request.ts';

// Both ways in which files can appear to programs; the first may be the same as the second where namespaces cannot be had.
describe.each(['auto', 'mapped'] as const)('files, %s', (fileSystem) => {
  let fake: FakeAgentRun;
  let user: AgentRunUser;
  let home: string;

  beforeAll(async () => {
    fake = await startFakeAgentRun({ fileSystem, limits: { maxUploadBytes: 1_000_000, maxBodyBytes: 200_000, maxDiskBytes: 3_000_000 } });
    user = new AgentRunUser(fake);
    await user.open();
    home = fake.sandboxes()[0]?.homeFolder ?? '';
  });

  afterAll(() => fake.close());

  const get = (operation: string, path: string, more = ''): Promise<Reply> =>
    user.data('GET', `/sandboxes/box/${operation}?path=${encodeURIComponent(path)}${more}`);
  const post = (operation: string, body: unknown): Promise<Reply> => user.data('POST', `/sandboxes/box/${operation}`, body);
  const upload = (path: string | undefined, content: Buffer, more: Record<string, string> = {}): Promise<Reply> => {
    const boundary = 'b0undary';
    const fields = Object.entries({ ...(path === undefined ? {} : { path }), ...more })
      .map(([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
      .join('');
    const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="f"\r\ncontent-type: application/octet-stream\r\n\r\n`;
    const body = Buffer.concat([Buffer.from(fields + head), content, Buffer.from(`\r\n--${boundary}--\r\n`)]);
    const extraHeaders = { 'content-type': `multipart/form-data; boundary=${boundary}` };
    return send(fake, draftData(fake, fake.account, 'POST', '/sandboxes/box/filesystem/upload', body, { extraHeaders }));
  };

  test('of text are written and read', async () => {
    const written = await post('files', {
      path: '/home/user/sub/a.txt',
      content: 'näive\n',
      mode: '640',
      encoding: 'utf-8',
      createDir: true,
    });
    expect(written.json).toEqual({ path: '/home/user/sub/a.txt', size: 7 });
    expect(await readFile(join(home, 'sub', 'a.txt'), 'utf8')).toBe('näive\n');
    const { json } = await get('files', 'sub/a.txt');
    expect(json).toMatchObject({
      name: 'a.txt',
      type: 'file',
      path: '/home/user/sub/a.txt',
      size: 7,
      mode: 0o640,
      permissions: '-rw-r-----',
    });
    expect(json).toMatchObject({ content: 'näive\n', encoding: 'utf-8' });
    fake.faults.add({ times: 1, fault: { kind: 'other-shape' } });
    expect((await get('files', '/home/user/sub/a.txt')).json).toMatchObject({ entry: { name: 'a.txt' }, content: 'näive\n' });
  });

  test.each([
    ['hidden files', { path: '/home/user/.env.txt', content: '' }],
    ['files that are no text', { path: '/home/user/a.png', content: '' }],
    ['no content', { path: '/home/user/a.txt' }],
    ['another encoding', { path: '/home/user/a.txt', content: '', encoding: 'base64' }],
    ['a mode that is none', { path: '/home/user/a.txt', content: '', mode: '999' }],
  ])('cannot be written: %s', async (_title, body) => {
    expect((await post('files', body)).json.code).toBe('INVALID_REQUEST');
  });

  test('are uploaded and downloaded byte by byte', async () => {
    const content = randomBytes(500_000);
    expect((await upload('/home/user/deep/er/b.bin', content)).json).toEqual({ path: '/home/user/deep/er/b.bin', size: content.length });
    const { bytes, headers } = await get('filesystem/download', '/home/user/deep/er/b.bin');
    expect(bytes.equals(content)).toBe(true);
    expect(headers['content-disposition']).toContain('filename="b.bin"');
    const { json } = await get('files', '/home/user/deep/er/b.bin');
    expect(Buffer.from(json.content, 'base64').equals(content)).toBe(true);
    expect((await upload('/home/user/empty', Buffer.alloc(0))).json).toMatchObject({ size: 0 });
  });

  test('are uploaded only as they should be', async () => {
    expect((await upload(undefined, Buffer.from('x'))).status).toBe(400);
    expect((await post('filesystem/upload', { path: 'x' })).status).toBe(400);
    expect((await upload('/home/user/big', Buffer.alloc(1_000_001))).status).toBe(413);
    expect((await post('files', { path: '/home/user/a.txt', content: 'x'.repeat(200_000) })).status).toBe(413);
    const statuses = [];
    for (let turn = 0; turn < 4; turn += 1) statuses.push((await upload('/home/user/full', Buffer.alloc(900_000))).status);
    expect(statuses.at(-1)).toBe(507);
  });

  test('are seen by programs where the API puts them', async () => {
    await post('files', { path: '/home/user/p/in.txt', content: 'in' });
    await post('files', { path: '/tmp/t.txt', content: 'tmp' });
    const folder = fake.sandboxes()[0]?.fileSystem === 'mounted' ? '/home/user' : '$HOME';
    const { json } = await user.command(`cat ${folder}/p/in.txt "$TMPDIR/t.txt"; printf out > ${folder}/p/out.txt; pwd`, {
      cwd: '/home/user/p',
    });
    expect(json.result).toMatchObject({ exitCode: 0, stdout: textLike(/^intmp.*\/home\/user\/p\n$/) });
    expect((await get('files', '/home/user/p/out.txt')).json.content).toBe('out');
  });

  test('are listed and described', async () => {
    await post('files', { path: '/home/user/l/a/b/c.txt', content: 'c' });
    const { json } = await get('filesystem', '/home/user/l');
    expect(json).toMatchObject({ path: '/home/user/l', entries: [{ name: 'a', type: 'directory', path: '/home/user/l/a' }] });
    const deep = (await get('filesystem', '/home/user/l', '&depth=3')).json.entries as { path: string }[];
    expect(deep.map(({ path }) => path)).toEqual(['/home/user/l/a', '/home/user/l/a/b', '/home/user/l/a/b/c.txt']);
    expect((await get('filesystem/stat', '/home/user/l/a/b/c.txt')).json.entry).toMatchObject({ type: 'file', size: 1, mode: 420 });
    expect((await get('filesystem', '/home/user/l', '&depth=0')).status).toBe(400);
    expect((await get('filesystem', '/home/user/none')).json.code).toBe('NOT_FOUND');
    expect((await get('filesystem/stat', '')).status).toBe(400);
    expect((await get('files', '/home/user/l')).status).toBe(400);
    expect((await get('filesystem/download', '/home/user/l')).status).toBe(400);
  });

  test('are made, moved and removed, once or twice', async () => {
    const mkdir = { path: '/home/user/m/n', parents: true, mode: '0755' };
    for (let turn = 0; turn < 2; turn += 1)
      expect((await post('filesystem/mkdir', mkdir)).json.entry).toMatchObject({ name: 'n', type: 'directory', mode: 0o755 });
    await post('files', { path: '/home/user/m/n/a.txt', content: 'a' });
    expect((await post('filesystem/mkdir', { path: '/home/user/m/n/a.txt' })).status).toBe(409);
    expect((await post('filesystem/mkdir', { path: '/home/user/x/y', parents: false })).status).toBe(404);
    const move = { source: '/home/user/m/n', destination: '/home/user/m/o' };
    for (let turn = 0; turn < 2; turn += 1)
      expect((await post('filesystem/move', move)).json.entry).toMatchObject({ path: '/home/user/m/o' });
    expect((await get('files', '/home/user/m/o/a.txt')).json.content).toBe('a');
    expect((await post('filesystem/move', { source: '/home/user/none', destination: '/home/user/none2' })).status).toBe(404);
    for (let turn = 0; turn < 2; turn += 1) expect((await post('filesystem/remove', { path: '/home/user/m' })).status).toBe(200);
    expect((await get('filesystem/stat', '/home/user/m')).status).toBe(404);
  });

  test('lead nowhere else', async () => {
    await writeFile(join(home, 'inside.txt'), 'inside');
    await symlink('/etc', join(home, 'etc'));
    await symlink('inside.txt', join(home, 'link.txt'));
    for (const path of ['/etc/passwd', '/home/user/../../etc/passwd', '/home/user/etc/passwd', '/home/other'])
      expect((await get('files', path)).json.code).toBe('PERMISSION_DENIED');
    expect((await post('files', { path: '/home/user/etc/x.txt', content: '' })).status).toBe(403);
    expect((await get('files', '/home/user/link.txt')).json.content).toBe('inside');
    expect((await post('filesystem/remove', { path: '/home/user/etc/hostname' })).status).toBe(403);
  });
});
