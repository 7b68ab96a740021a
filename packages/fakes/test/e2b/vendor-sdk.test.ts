import { buffer } from 'node:stream/consumers';
import type { Sandbox } from 'e2b';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFakeE2b, type FakeE2b } from '../../src/index.ts';
import { connectionTo, failureOf, vendorSdks } from './e2b-user.ts';

const PATIENTLY = { timeout: 10_000 };

let fake: FakeE2b;

beforeAll(async () => {
  fake = await startFakeE2b({ fileSystem: 'mapped' });
});

afterAll(() => fake.close());

describe.each(vendorSdks)('e2b %s', (version, sdk, dialect) => {
  let sandbox: Sandbox;

  beforeAll(async () => {
    const envs = { GREETING: 'hello' };
    sandbox = await sdk.Sandbox.create('base', { ...connectionTo(fake), metadata: { version }, envs, timeoutMs: 120_000 });
  });

  afterAll(async () => {
    expect(await sdk.Sandbox.kill(sandbox.sandboxId, connectionTo(fake))).toBe(true);
    expect(await sdk.Sandbox.kill(sandbox.sandboxId, connectionTo(fake))).toBe(false);
    expect(await sandbox.isRunning()).toBe(false);
  });

  test('creates by its own routes', () => {
    const view = fake.sandboxes().find(({ sandboxId }) => sandboxId === sandbox.sandboxId);
    expect(view).toMatchObject({ templateId: 'base', dialect, isSecured: true, state: 'running', metadata: { version } });
    expect(
      fake.requests.some(({ operation, path }) => operation === 'CreateSandbox' && path.startsWith('/v2/') === (dialect === 'v2')),
    ).toBe(true);
  });

  test('runs commands, and is told their output and exit code', async () => {
    const pieces: string[] = [];
    const onStdout = (data: string): void => void pieces.push(data);
    const result = await sandbox.commands.run('echo "$GREETING $NAME ü"; echo bad >&2; pwd', {
      envs: { NAME: 'you' },
      cwd: '/tmp',
      onStdout,
    });
    expect(result).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^hello you ü\n.*\/tmp\n$/) as unknown, stderr: 'bad\n' });
    expect(pieces.join('')).toBe(result.stdout);
    expect(await failureOf(sandbox.commands.run('echo out; exit 3'))).toMatchObject({
      name: 'CommandExitError',
      exitCode: 3,
      stdout: 'out\n',
    });
    expect(await failureOf(sandbox.commands.run('kill -9 $$'))).toMatchObject({
      name: 'CommandExitError',
      exitCode: -1,
      error: 'signal: killed',
    });
  });

  test('follows, feeds, lists and kills commands in the background', async () => {
    const pieces: string[] = [];
    const command = await sandbox.commands.run('read line; echo "got $line"; exec sleep 600', {
      background: true,
      stdin: true,
      timeoutMs: 0,
    });
    const second = await sandbox.commands.connect(command.pid, { onStdout: (data) => void pieces.push(data), timeoutMs: 0 });
    expect(await sandbox.commands.list()).toMatchObject([
      { pid: command.pid, cmd: '/bin/bash', args: ['-l', '-c', expect.any(String) as unknown] },
    ]);
    await sandbox.commands.sendStdin(command.pid, 'ä\n');
    await expect.poll(() => pieces.join(''), PATIENTLY).toBe('got ä\n');
    await second.disconnect();
    expect(await sandbox.commands.kill(command.pid)).toBe(true);
    expect(await failureOf(command.wait())).toMatchObject({ name: 'CommandExitError', error: 'signal: killed' });
    expect(await sandbox.commands.kill(command.pid)).toBe(false);
    expect(await sandbox.commands.list()).toEqual([]);
  });

  test('ends the input of a command', async () => {
    const command = await sandbox.commands.run('cat; echo end', { background: true, stdin: true });
    await sandbox.commands.sendStdin(command.pid, 'in ');
    await sandbox.commands.closeStdin(command.pid);
    expect(await command.wait()).toMatchObject({ exitCode: 0, stdout: 'in end\n' });
  });

  test('gives up a command whose time is over, which ends it', async () => {
    expect(await failureOf(sandbox.commands.run('exec sleep 600', { timeoutMs: 300 }))).toMatchObject({ name: 'TimeoutError' });
    await expect.poll(() => sandbox.commands.list(), PATIENTLY).toEqual([]);
  });

  test('moves files in and out', async () => {
    const { files } = sandbox;
    expect(await files.write('deep/text.txt', 'tëxt')).toMatchObject({ name: 'text.txt', type: 'file', path: '/home/user/deep/text.txt' });
    expect(await files.read('deep/text.txt')).toBe('tëxt');
    const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 251);
    await files.write('/tmp/bytes.bin', new Blob([bytes]));
    expect(Buffer.from(await files.read('/tmp/bytes.bin', { format: 'bytes' })).equals(bytes)).toBe(true);
    const stream = await files.read('/tmp/bytes.bin', { format: 'stream' });
    expect((await buffer(stream)).equals(bytes)).toBe(true);
    await files.write([
      { path: 'one.txt', data: '1' },
      { path: 'empty.txt', data: '' },
    ]);
    expect([await files.read('one.txt'), await files.read('empty.txt')]).toEqual(['1', '']);
    expect(await failureOf(files.read('missing.txt'))).toMatchObject({ name: expect.stringMatching(/NotFoundError$/) as unknown });
  });

  test('lists, describes, makes, renames and removes', async () => {
    const { files } = sandbox;
    expect(await files.makeDir('folder/inner')).toBe(true);
    expect(await files.makeDir('folder/inner')).toBe(false);
    await files.write('folder/file.txt', 'four');
    const names = async (depth: number): Promise<string[]> => (await files.list('folder', { depth })).map(({ path }) => path);
    expect(await names(1)).toEqual(['/home/user/folder/file.txt', '/home/user/folder/inner']);
    expect(await files.getInfo('folder/file.txt')).toMatchObject({
      type: 'file',
      size: 4,
      permissions: expect.stringMatching(/^-rw-/) as unknown,
    });
    await files.rename('folder/file.txt', 'folder/inner/moved.txt');
    expect(await names(2)).toEqual(['/home/user/folder/inner', '/home/user/folder/inner/moved.txt']);
    expect([await files.exists('folder/file.txt'), await files.exists('folder/inner/moved.txt')]).toEqual([false, true]);
    await files.remove('folder');
    expect(await files.exists('folder')).toBe(false);
  });

  test('signs addresses of files that name no sandbox', async () => {
    const upload = await sandbox.uploadUrl('signed.txt', { useSignatureExpiration: 60 });
    expect(upload).not.toContain(sandbox.sandboxId);
    const form = new FormData();
    form.append('file', new Blob(['signed']), 'signed.txt');
    expect((await fetch(upload, { method: 'POST', body: form })).status).toBe(200);
    const download = await sandbox.downloadUrl('signed.txt');
    expect(await (await fetch(download)).text()).toBe('signed');
    expect((await fetch(download.replace('path=signed', 'path=other'))).status).toBe(401);
    expect(fake.requests.at(-2)).toMatchObject({
      sandboxId: sandbox.sandboxId,
      authenticated: true,
      path: '/files?path=signed.txt&signature=…',
    });
  });

  test('lists by metadata in pages', async () => {
    const tag = `b c&${version}`;
    const made = await Promise.all([1, 2, 3].map(() => sdk.Sandbox.create('base', { ...connectionTo(fake), metadata: { tag } })));
    const pages = sdk.Sandbox.list({ ...connectionTo(fake), query: { metadata: { tag } }, limit: 2 });
    const [first, second] = [await pages.nextItems(), await pages.nextItems()];
    expect([first.length, second.length, pages.hasNext]).toEqual([2, 1, false]);
    expect(new Set([...first, ...second].map(({ sandboxId }) => sandboxId))).toEqual(new Set(made.map(({ sandboxId }) => sandboxId)));
    expect(first[0]).toMatchObject({ templateId: 'base', state: 'running', metadata: { tag } });
    await Promise.all(made.map((other) => other.kill()));
  });

  test('changes its time, pauses and goes on', async () => {
    const before = await sandbox.getInfo();
    await sandbox.setTimeout(600_000);
    const after = await sandbox.getInfo();
    expect(after.endAt.getTime()).toBeGreaterThan(before.endAt.getTime());
    await sandbox.files.write('kept.txt', 'kept');
    expect(await sandbox.pause()).toBe(true);
    expect(await sandbox.pause()).toBe(false);
    expect((await sandbox.getInfo()).state).toBe('paused');
    expect(await sandbox.isRunning()).toBe(false);
    const again = await sdk.Sandbox.connect(sandbox.sandboxId, { ...connectionTo(fake), timeoutMs: 60_000 });
    expect(await again.files.read('kept.txt')).toBe('kept');
    expect(await failureOf(sdk.Sandbox.connect('inothing', connectionTo(fake)))).toMatchObject({
      name: expect.stringMatching(/NotFoundError$/) as unknown,
    });
  });
});
