import { Sandbox } from '@e2b/code-interpreter';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startFakeE2b, type E2bFault, type E2bOperation, type FakeE2b } from '../../src/index.ts';
import { connectionTo, failureOf } from './e2b-user.ts';
import { outputOf, WireUser } from './wire.ts';

const PATIENTLY = { timeout: 10_000 };

let fake: FakeE2b;
let user: WireUser;
let sandbox: Sandbox;

beforeAll(async () => {
  fake = await startFakeE2b({ fileSystem: 'mapped' });
  sandbox = await Sandbox.create({ ...connectionTo(fake), timeoutMs: 3_600_000 });
  user = await new WireUser(fake).open({ timeout: 3_600 });
});

afterEach(() => fake.faults.clear());

afterAll(() => fake.close());

const once = (operation: E2bOperation, fault: E2bFault): void => void fake.faults.add({ match: { operation }, times: 1, fault });
const typesOf = (events: readonly Record<string, unknown>[]): unknown[] => events.map(({ type }) => type);

/** Sends what makes an answer in pieces, and gives the pieces that came before it broke or ended. */
async function collect(
  operation: 'StartProcess' | 'ExecuteCode',
  source: string,
  signal?: AbortSignal,
): Promise<{ pieces: Buffer[]; failure: unknown }> {
  const pieces: Buffer[] = [];
  const more = { onPiece: (piece: Buffer) => void pieces.push(piece), ...(signal === undefined ? {} : { signal }) };
  const going: Promise<unknown> = operation === 'StartProcess' ? user.run(source, more) : user.execute({ code: source }, more);
  const failure = await going.then(
    () => undefined,
    (error: unknown) => (error as NodeJS.ErrnoException).code,
  );
  return { pieces, failure };
}

describe('a stream', () => {
  test.each([
    ['StartProcess', 'echo text; exec sleep 600'],
    ['ExecuteCode', 'import time\nprint("text")\ntime.sleep(600)'],
  ] as const)('is cut after some bytes, and after some time: %s', async (operation, source) => {
    once(operation, { kind: 'stream-cut', as: 'reset', afterBytes: 30 });
    const short = await collect(operation, source);
    expect([short.failure, Buffer.concat(short.pieces).length]).toEqual(['ECONNRESET', 30]);
    once(operation, { kind: 'stream-cut', as: 'reset', afterMs: 100 });
    expect((await collect(operation, source)).failure).toBe('ECONNRESET');
    expect(fake.requests.at(-1)).toMatchObject({ status: 200, faults: ['stream-cut'], abandoned: false });
    once(operation, { kind: 'stream-cut', as: 'clean-end', afterMs: 100 });
    expect((await collect(operation, source)).failure).toBeUndefined();
    once(operation, { kind: 'cut', when: 'in-answer' });
    expect((await collect(operation, source)).failure).toBe('ECONNRESET');
  });

  test('ends well without the event that says how it went', async () => {
    once('StartProcess', { kind: 'no-end-of-execution' });
    const { frames } = await user.run('true');
    expect(frames.map(({ flags, message }) => [flags, Object.keys(message)])).toEqual([
      [0, ['event']],
      [2, []],
    ]);
    once('ExecuteCode', { kind: 'no-end-of-execution' });
    expect(typesOf((await user.execute({ code: '1' })).events)).toEqual(['number_of_executions', 'result']);
  });

  test('ends without its last frame', async () => {
    once('StartProcess', { kind: 'no-end-frame' });
    expect((await user.run('true')).frames.map(({ flags }) => flags)).toEqual([0, 0]);
  });

  test('has empty lines', async () => {
    once('ExecuteCode', { kind: 'blank-line' });
    const { body, events } = await user.execute({ code: '1' });
    expect(
      body
        .toString()
        .split('\n')
        .filter((line) => line === ''),
    ).toHaveLength(events.length + 1);
  });

  test('splits output in the middle of characters', async () => {
    once('StartProcess', { kind: 'split-output' });
    const { frames } = await user.run('printf "äö"');
    const datas = frames
      .map(({ message }) => (message['event'] as { data?: { stdout: string } } | undefined)?.data?.stdout)
      .filter((data) => data !== undefined);
    expect(datas.map((data) => Buffer.from(data, 'base64').length)).toEqual([1, 1, 1, 1]);
    expect(outputOf(frames)).toBe('äö');
    once('ExecuteCode', { kind: 'split-output', pieceBytes: 2 });
    const { events } = await user.execute({ code: 'print("äöü", end="")' });
    expect(events.filter(({ type }) => type === 'stdout').map(({ text }) => text)).toEqual(['äö', 'ü']);
  });

  test.each([
    ['StartProcess', 'printf äöü'],
    ['ExecuteCode', 'print("äöü")'],
  ] as const)('splits its body anywhere: %s', async (operation, source) => {
    once(operation, { kind: 'split-body' });
    const { pieces, failure } = await collect(operation, source);
    expect(failure).toBeUndefined();
    expect(new Set(pieces.map(({ length }) => length))).toEqual(new Set([1]));
    if (operation === 'ExecuteCode') expect(Buffer.concat(pieces).toString()).toContain('äöü');
  });

  test.each([
    ['StartProcess', 'echo done > silent.txt'],
    ['ExecuteCode', 'open("silent.txt", "w").write("done\\n")'],
  ] as const)('says nothing though the work is done: %s', async (operation, source) => {
    once(operation, { kind: 'silent' });
    const caller = new AbortController();
    const collecting = collect(operation, source, caller.signal);
    const read = async (): Promise<string> => (await user.inSandbox({ path: '/files?path=silent.txt' })).body.toString();
    await expect.poll(read, PATIENTLY).toBe('done\n');
    caller.abort();
    expect(await collecting).toEqual({ pieces: [], failure: expect.stringMatching(/ABORT_ERR|ECONNRESET/) as unknown });
    await user.call('filesystem.Filesystem/Remove', { path: 'silent.txt' });
  });

  test('does not say that it lives', async () => {
    once('StartProcess', { kind: 'no-keepalives' });
    const { frames } = await user.run('sleep 1.2', { headers: { 'keepalive-ping-interval': '1' } });
    expect(frames).toHaveLength(3);
  });

  test('is spoiled in its first piece', async () => {
    once('ExecuteCode', { kind: 'invalid-json' });
    const { pieces, failure } = await collect('ExecuteCode', '1');
    expect([failure, () => JSON.parse(Buffer.concat(pieces).toString()) as unknown]).toEqual([undefined, expect.any(Function) as unknown]);
    expect(() => JSON.parse(Buffer.concat(pieces).toString()) as unknown).toThrow(SyntaxError);
  });
});

describe('the vendor client', () => {
  test('reads frames that come byte by byte', async () => {
    fake.faults.add({ fault: { kind: 'split-body' } });
    expect((await sandbox.commands.run('echo äöü')).stdout).toBe('äöü\n');
    expect(await sandbox.files.write('b.txt', 'bytes').then(() => sandbox.files.read('b.txt'))).toBe('bytes');
  });

  test('reads characters that come in two events', async () => {
    once('StartProcess', { kind: 'split-output' });
    expect((await sandbox.commands.run('echo äöü')).stdout).toBe('äöü\n');
  });

  test('takes a stream of code that ends too early for a success', async () => {
    const whole = await user.execute({ code: 'print("part", flush=True)' });
    const { executionCount = 0 } = await sandbox.runCode('1');
    const digits = String(executionCount + 1).length - String(whole.events[0]?.['execution_count']).length;
    // The first two lines, and nothing of the third.
    const afterBytes = whole.body.indexOf('\n', whole.body.indexOf('\n') + 1) + 1 + digits;
    once('ExecuteCode', { kind: 'stream-cut', as: 'clean-end', afterBytes });
    const execution = await sandbox.runCode('import time\nprint("part", flush=True)\ntime.sleep(600)');
    expect(execution).toMatchObject({ logs: { stdout: ['part\n'] }, error: undefined });
  });

  test('does not take a stream of a command that ends too early for one', async () => {
    once('StartProcess', { kind: 'no-end-of-execution' });
    await failureOf(sandbox.commands.run('true'));
    once('StartProcess', { kind: 'no-end-frame' });
    await failureOf(sandbox.commands.run('true'));
  });
});
