import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFakeE2b, type FakeE2b } from '../../src/index.ts';
import { anyNumber, textWith } from '../matchers.ts';
import { failureOf } from './e2b-user.ts';
import { outputOf, WireUser, type Frame } from './wire.ts';

const PATIENTLY = { timeout: 10_000 };

let fake: FakeE2b;
let user: WireUser;

beforeAll(async () => {
  fake = await startFakeE2b({ fileSystem: 'mapped' });
  user = await new WireUser(fake).open({ templateID: 'base', timeout: 300 });
});

afterAll(() => fake.close());

const eventsOf = (frames: readonly Frame[]): unknown[] => frames.filter(({ flags }) => flags === 0).map(({ message }) => message['event']);
const startOf = (frames: readonly Frame[]): number => (eventsOf(frames)[0] as { start: { pid: number } }).start.pid;
const listPids = async (): Promise<number[]> => (await user.processes()).map(({ pid }) => pid);

/** Starts a command line and stays with it until its first output. */
async function begin(
  command: string,
  more: { headers?: Record<string, string>; stdin?: boolean } = {},
): Promise<{ pid: number; leave: () => Promise<void> }> {
  const caller = new AbortController();
  const before = await listPids();
  let isHeard: () => void = () => undefined;
  const heard = new Promise<void>((resolve) => {
    isHeard = resolve;
  });
  const following = user
    .follow(
      'process.Process/Start',
      { process: { cmd: '/bin/sh', args: ['-c', command] }, stdin: more.stdin },
      { signal: caller.signal, headers: more.headers ?? {}, onPiece: (piece) => void (piece.includes('stdout') && isHeard()) },
    )
    .catch((error: unknown) => error);
  await heard;
  const [pid] = (await listPids()).filter((known) => !before.includes(known));
  return {
    pid: pid ?? 0,
    leave: async () => {
      caller.abort();
      await following;
    },
  };
}

describe('a process', () => {
  test('is told in frames: its start, its output, its end, and the end of the answer', async () => {
    const { status, headers, frames } = await user.run('echo out; exit 2');
    expect([status, headers['content-type']]).toEqual([200, 'application/connect+json']);
    expect(frames).toEqual([
      { flags: 0, message: { event: { start: { pid: anyNumber } } } },
      { flags: 0, message: { event: { data: { stdout: Buffer.from('out\n').toString('base64') } } } },
      { flags: 0, message: { event: { end: { exitCode: 2, exited: true, status: 'exit status 2', error: 'exit status 2' } } } },
      { flags: 2, message: {} },
    ]);
  });

  test('has no zero in what is said of its end', async () => {
    expect(eventsOf((await user.run('true')).frames).at(-1)).toEqual({ end: { exited: true, status: 'exit status 0' } });
  });

  test('has an input unless it is to have none', async () => {
    const command = 'if read line; then echo "$line"; else echo none; fi';
    const { pid, leave } = await begin(`echo ready; ${command}; exec sleep 600`);
    await user.call('process.Process/SendInput', { process: { pid }, input: { stdin: Buffer.from('word\n').toString('base64') } });
    await leave();
    expect((await user.call('process.Process/SendSignal', { process: { pid }, signal: 'SIGNAL_SIGTERM' })).status).toBe(200);
    const without = await user.follow('process.Process/Start', { process: { cmd: '/bin/sh', args: ['-c', command] }, stdin: false });
    expect(outputOf(without.frames)).toBe('none\n');
  });

  test('refuses input that it does not take, and is not found where it is not', async () => {
    const { pid, leave } = await begin('echo ready; exec sleep 600', { stdin: false });
    const input = { stdin: Buffer.from('x').toString('base64') };
    expect(await user.call('process.Process/SendInput', { process: { pid }, input })).toMatchObject({
      status: 500,
      json: { code: 'internal' },
    });
    expect((await user.call('process.Process/CloseStdin', { process: { pid } })).status).toBe(200);
    await user.call('process.Process/SendSignal', { process: { pid }, signal: 'SIGNAL_SIGKILL' });
    await expect.poll(listPids, PATIENTLY).not.toContain(pid);
    expect(await user.call('process.Process/SendSignal', { process: { pid }, signal: 'SIGNAL_SIGKILL' })).toMatchObject({
      status: 404,
      json: { code: 'not_found' },
    });
    await leave();
  });

  test('takes much input, and gives much output, through a reader that waits', async () => {
    const { pid, leave } = await begin('echo ready; wc -c > count.txt; echo done; exec sleep 600');
    const data = Buffer.alloc(300_000, 'x').toString('base64');
    for (let round = 0; round < 3; round += 1) await user.call('process.Process/SendInput', { process: { pid }, input: { stdin: data } });
    await user.call('process.Process/CloseStdin', { process: { pid } });
    await expect
      .poll(async () => (await user.inSandbox({ path: '/files?path=count.txt' })).body.toString().trim(), PATIENTLY)
      .toBe('900000');
    await user.call('process.Process/SendSignal', { process: { pid }, signal: 'SIGNAL_SIGKILL' });
    await leave();
    const { frames } = await user.run('head -c 5000000 /dev/zero');
    expect(outputOf(frames)).toHaveLength(5_000_000);
  });

  test('goes on without its caller, and tells the next one only what comes after', async () => {
    const { pid, leave } = await begin('echo first; read line; echo second; read line; echo third');
    await leave();
    expect(await listPids()).toContain(pid);
    const type = (text: string): Promise<unknown> =>
      user.call('process.Process/SendInput', { process: { pid }, input: { stdin: Buffer.from(text).toString('base64') } });
    await type('\n');
    let isHeard = (): void => undefined;
    const heard = new Promise<void>((resolve) => {
      isHeard = resolve;
    });
    const following = user.follow('process.Process/Connect', { process: { pid } }, { onPiece: () => isHeard() });
    await heard;
    await type('\n');
    const { frames } = await following;
    expect(startOf(frames)).toBe(pid);
    expect(outputOf(frames)).toMatch(/^(second\n)?third\n$/);
    const late = await user.follow('process.Process/Connect', { process: { pid } });
    expect(eventsOf(late.frames)).toEqual([{ start: { pid } }, { end: { exited: true, status: 'exit status 0' } }]);
  });

  test('is found by its tag', async () => {
    const start = { process: { cmd: 'sleep', args: ['600'] }, tag: 'mine' };
    const following = user.follow('process.Process/Start', start);
    await expect.poll(() => user.processes(), PATIENTLY).toMatchObject([{ tag: 'mine', config: { cmd: 'sleep', args: ['600'] } }]);
    await user.call('process.Process/SendSignal', { process: { tag: 'mine' }, signal: 'SIGNAL_SIGTERM' });
    expect(eventsOf((await following).frames).at(-1)).toEqual({
      end: { exitCode: -1, status: 'signal: terminated', error: 'signal: terminated' },
    });
  });

  test('ends when its own time is over, and its stream says so', async () => {
    const { frames } = await user.run('exec sleep 600', { headers: { 'connect-timeout-ms': '200' } });
    expect(frames.at(-1)).toEqual({ flags: 2, message: { error: { code: 'deadline_exceeded', message: 'context deadline exceeded' } } });
    expect(await listPids()).toEqual([]);
  });

  test('does not end with the time of one who only follows it', async () => {
    const { pid, leave } = await begin('echo ready; exec sleep 600');
    const { frames } = await user.follow('process.Process/Connect', { process: { pid } }, { headers: { 'connect-timeout-ms': '100' } });
    expect(frames.at(-1)).toMatchObject({ flags: 2, message: { error: { code: 'deadline_exceeded' } } });
    expect(await listPids()).toContain(pid);
    await user.call('process.Process/SendSignal', { process: { pid }, signal: 'SIGNAL_SIGKILL' });
    await leave();
  });

  test('has not ended while what it started holds its output', async () => {
    const { pid, leave } = await begin('(echo ready; while [ ! -e let-go ]; do sleep 0.02; done; echo late) & exit 3');
    const following = user.follow('process.Process/Connect', { process: { pid } });
    for (let round = 0; round < 5; round += 1) await user.run('true');
    expect(await listPids()).toEqual([pid]);
    await user.inSandbox({ method: 'POST', path: '/files?path=let-go', headers: { 'content-type': 'application/octet-stream' } });
    const { frames } = await following;
    expect([outputOf(frames), eventsOf(frames).at(-1)]).toEqual([
      'late\n',
      { end: { exitCode: 3, exited: true, status: 'exit status 3', error: 'exit status 3' } },
    ]);
    await leave();
  });

  test('is signalled alone, and has ended then, though what it started goes on', async () => {
    const { pid, leave } = await begin('(echo ready; while [ ! -e stop ]; do touch ticks; sleep 0.02; done) & exec sleep 600');
    const following = user.follow('process.Process/Connect', { process: { pid } });
    await user.run('true');
    await user.call('process.Process/SendSignal', { process: { pid }, signal: 'SIGNAL_SIGKILL' });
    expect(eventsOf((await following).frames).at(-1)).toMatchObject({ end: { status: 'signal: killed' } });
    expect(await listPids()).toEqual([]);
    await user.call('filesystem.Filesystem/Remove', { path: 'ticks' });
    await expect.poll(async () => (await user.inSandbox({ path: '/files?path=ticks' })).status, PATIENTLY).toBe(200);
    await user.inSandbox({ method: 'POST', path: '/files?path=stop', headers: { 'content-type': 'application/octet-stream' } });
    await leave();
  });

  test('waits for a reader who does not read, without holding up others', async () => {
    const caller = new AbortController();
    let isPaused = false;
    const pause = (response: Readable): void => {
      isPaused = true;
      response.pause();
    };
    const waiting = user
      .run('head -c 60000000 /dev/zero; touch finished', { signal: caller.signal, onResponse: pause })
      .catch((error: unknown) => error);
    await expect.poll(() => isPaused, PATIENTLY).toBe(true);
    for (let round = 0; round < 20; round += 1) expect(outputOf((await user.run('echo others')).frames)).toBe('others\n');
    expect((await user.inSandbox({ path: '/files?path=finished' })).status).toBe(404);
    caller.abort();
    expect(await waiting).toBeInstanceOf(Error);
    // Without a reader nothing waits any more.
    await expect.poll(async () => (await user.inSandbox({ path: '/files?path=finished' })).status, PATIENTLY).toBe(200);
  });

  test('says now and then that it lives', async () => {
    const caller = new AbortController();
    let text = '';
    const onPiece = (piece: Buffer): void => void (text += piece.toString());
    const headers = { 'keepalive-ping-interval': '1' };
    const following = user.run('exec sleep 600', { headers, signal: caller.signal, onPiece }).catch((error: unknown) => error);
    await expect.poll(() => text, PATIENTLY).toContain('"keepalive":{}');
    for (const pid of await listPids()) await user.call('process.Process/SendSignal', { process: { pid }, signal: 'SIGNAL_SIGKILL' });
    await following;
  });

  test('takes input in frames', async () => {
    const { pid, leave } = await begin('echo ready; cat > streamed.txt; echo over; exec sleep 600');
    const body = Buffer.concat(
      [{ start: { process: { pid } } }, { data: { input: { stdin: Buffer.from('a').toString('base64') } } }, { keepalive: {} }].map(
        (message) => {
          const text = Buffer.from(JSON.stringify(message));
          return Buffer.concat([Buffer.from([0, 0, 0, 0, text.length]), text]);
        },
      ),
    );
    const headers = { 'content-type': 'application/connect+json' };
    expect((await user.inSandbox({ method: 'POST', path: '/process.Process/StreamInput', headers, body })).status).toBe(200);
    await user.call('process.Process/CloseStdin', { process: { pid } });
    await expect.poll(async () => (await user.inSandbox({ path: '/files?path=streamed.txt' })).body.toString(), PATIENTLY).toBe('a');
    await user.call('process.Process/SendSignal', { process: { pid }, signal: 'SIGNAL_SIGKILL' });
    await leave();
  });

  test.each([
    ['a folder that is not there', { process: { cmd: 'true', cwd: '/home/user/missing' } }, 'invalid_argument'],
    ['a program that is not there', { process: { cmd: '/bin/no-such-program' } }, 'invalid_argument'],
    ['a terminal', { process: { cmd: 'true' }, pty: { size: { cols: 80, rows: 24 } } }, 'unimplemented'],
    ['nothing', {}, 'invalid_argument'],
  ])('is not started with %s, as the last frame says', async (_title, message, code) => {
    expect(await user.follow('process.Process/Start', message)).toMatchObject({
      status: 200,
      frames: [{ flags: 2, message: { error: { code } } }],
    });
  });

  test('runs as the users that there are', async () => {
    const as = (name: string): Promise<{ frames: Frame[] }> =>
      user.run('echo $USER', { headers: { authorization: `Basic ${Buffer.from(`${name}:`).toString('base64')}` } });
    expect(outputOf((await as('root')).frames)).toBe('root\n');
    expect(fake.executions.at(-1)).toMatchObject({ kind: 'command', user: 'root', sandboxId: user.sandboxId });
    expect((await as('nobody')).frames).toMatchObject([{ flags: 2, message: { error: { code: 'unauthenticated' } } }]);
  });

  test('is broken off, not ended, when its sandbox is killed', async () => {
    const other = await new WireUser(fake).open({ templateID: 'base' });
    const before = fake.executions.length;
    const failing = failureOf(other.run('exec sleep 600'));
    await expect.poll(() => fake.executions.length, PATIENTLY).toBe(before + 1);
    expect((await other.control('DELETE', `/sandboxes/${other.sandboxId}`)).status).toBe(204);
    expect(await failing).toMatchObject({ code: 'ECONNRESET' });
    expect((await other.inSandbox({ path: '/health' })).json).toEqual({
      sandboxId: other.sandboxId,
      message: textWith('not found'),
      code: 502,
    });
  });

  test('is not started where there is no bash', async () => {
    await using bare = await startFakeE2b({ fileSystem: 'mapped', templates: { bare: { commands: false } } });
    const other = await new WireUser(bare).open({ templateID: 'bare' });
    expect((await other.run('true')).frames).toMatchObject([{ flags: 2, message: { error: { code: 'invalid_argument' } } }]);
  });
});
