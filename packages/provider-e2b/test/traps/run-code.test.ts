import { Buffer } from 'node:buffer';
import { Sandbox } from '@e2b/code-interpreter';
import { startFakeE2b, type E2bFault, type E2bFaultRule } from '@sandport/fakes';
import { deferred } from '@sandport/provider-kit';
import { describe, expect, test, vi } from 'vitest';
import { readExecution } from '../../src/interpreter/execution-stream.ts';
import { ConnectProxy } from './connect-proxy.ts';
import { InterpreterServer } from './interpreter-server.ts';
import { IN_TIME, openInterpreter } from './our-interpreter.ts';
import { ONE_RUN, runOnce } from './our-run.ts';
import { countScanned } from './scanned-characters.ts';
import { connectionTo, failureOf, isOpenAfter } from './vendor-call.ts';

const onExecute = (fault: E2bFault): E2bFaultRule => ({ match: { operation: 'ExecuteCode' }, fault });
const PATIENTLY = { timeout: 10_000 } as const;
const byInterpreter = { way: 'code-interpreter' } as const;
const line = (event: object): Buffer => Buffer.from(`${JSON.stringify(event)}\n`);

describe.concurrent('a character that is cut between two chunks', () => {
  const first = line({ type: 'stdout', text: 'first' });
  const umlaut = line({ type: 'stdout', text: 'ü' });
  const cutAt = umlaut.indexOf('ü') + 1;
  const before = Buffer.concat([first, umlaut.subarray(0, cutAt)]);
  const after = Buffer.concat([umlaut.subarray(cutAt), line({ type: 'end_of_execution' })]);

  test('the SDK spoils it', async () => {
    const isRead = deferred<void>();
    await using fake = await startFakeE2b();
    // Sent only when what came before was read: so it cannot come in one chunk.
    await using server = await InterpreterServer.open(
      200,
      piecesOf(
        before,
        isRead.promise.then(() => after),
      ),
    );
    const sandbox = await Sandbox.create({ ...connectionTo(fake), sandboxUrl: server.url });
    const { logs, error } = await sandbox.runCode('ignored', { onStdout: () => isRead.resolve() });
    expect(error).toBeUndefined();
    expect(logs.stdout).toEqual(['first', '\uFFFD\uFFFD']);
  });

  test('ours puts it together', async () => {
    const texts = [];
    for await (const event of readExecution(piecesOf(before, after))) if (event.type === 'stdout') texts.push(event.text);
    expect(texts).toEqual(['first', 'ü']);
  });

  test('ours puts together what comes in many small pieces', async () => {
    await using fake = await startFakeE2b();
    expect(await runOnce(fake, { config: byInterpreter, making: [onExecute({ kind: 'split-body', pieceBytes: 61 })] })).toEqual(ONE_RUN);
  });
});

describe('a long line in many chunks', () => {
  const text = 'x'.repeat(4 * 1024 * 1024);
  const whole = Buffer.concat([line({ type: 'stdout', text }), line({ type: 'end_of_execution' })]);
  const size = 16 * 1024;
  const chunks = Array.from({ length: Math.ceil(whole.length / size) }, (_, index) => whole.subarray(index * size, (index + 1) * size));

  test('the SDK looks at each character again with each chunk', async () => {
    await using fake = await startFakeE2b();
    await using server = await InterpreterServer.open(200, chunks);
    const sandbox = await Sandbox.create({ ...connectionTo(fake), sandboxUrl: server.url });
    const { result, scanned } = await countScanned(() => sandbox.runCode('ignored'));
    expect(result.logs.stdout.join('')).toBe(text);
    // Half as often as there are chunks, on average. What arrives together is one of them.
    expect(scanned).toBeGreaterThan(10 * whole.length);
  });

  test('ours looks at each once', async () => {
    const { result, scanned } = await countScanned(async () => {
      const events = [];
      for await (const event of readExecution(piecesOf(...chunks))) events.push(event);
      return events;
    });
    expect(result).toEqual([{ type: 'stdout', text }, { type: 'end_of_execution' }]);
    expect(scanned).toBeLessThanOrEqual(whole.length);
  });
});

describe.concurrent('a stream that ends without saying how the code ended', () => {
  test.each<E2bFault>([{ kind: 'no-end-of-execution' }, { kind: 'stream-cut', as: 'clean-end', afterMs: 300 }])(
    'the SDK takes it for a success: $kind',
    async (fault) => {
      await using fake = await startFakeE2b();
      const sandbox = await Sandbox.create(connectionTo(fake));
      fake.faults.add(onExecute(fault));
      const code = fault.kind === 'stream-cut' ? 'import time; time.sleep(600)' : 'import os; os.getcwd()';
      expect(await sandbox.runCode(code)).toMatchObject({ error: undefined, logs: { stdout: [], stderr: [] } });
    },
  );

  test.each<E2bFault>([{ kind: 'no-end-of-execution' }, { kind: 'stream-cut', as: 'clean-end', afterBytes: 10 }])(
    'ours takes it for a failure: $kind',
    async (fault) => {
      await using fake = await startFakeE2b();
      using client = await openInterpreter(fake);
      fake.faults.add(onExecute(fault));
      expect(await failureOf(client.execute('print("some")', undefined, IN_TIME))).toMatchObject({ name: 'E2bFailure' });
      fake.faults.clear();
      // Lost once between a program's start and its end, it costs nothing.
      const running = [{ ...onExecute(fault), times: 1 }];
      expect(await runOnce(fake, { config: byInterpreter, running, stepSeconds: 0.1 })).toMatchObject({ ...ONE_RUN });
    },
  );
});

describe.concurrent('an empty line in the stream', () => {
  test('the SDK fails at it', async () => {
    await using fake = await startFakeE2b();
    const sandbox = await Sandbox.create(connectionTo(fake));
    fake.faults.add(onExecute({ kind: 'blank-line' }));
    expect(await failureOf(sandbox.runCode('print("some")'))).toMatchObject({ name: 'SyntaxError' });
  });

  test('ours passes over it', async () => {
    await using fake = await startFakeE2b();
    expect(await runOnce(fake, { config: byInterpreter, making: [onExecute({ kind: 'blank-line' })] })).toEqual(ONE_RUN);
  });
});

describe.concurrent('a call that is withdrawn', () => {
  test('the SDK takes no signal', async () => {
    await using fake = await startFakeE2b();
    const sandbox = await Sandbox.create(connectionTo(fake));
    fake.faults.add(onExecute({ kind: 'hang' }));
    const options: object = { signal: AbortSignal.abort() };
    const running = sandbox.runCode('print("some")', options);
    await vi.waitFor(() => expect(fake.requests.filter(({ operation }) => operation === 'ExecuteCode')).toHaveLength(1), PATIENTLY);
    expect(await isOpenAfter(running, 300)).toBe(true);
    await fake.close();
    await failureOf(running);
  });

  test('ours settles', async () => {
    await using fake = await startFakeE2b();
    using client = await openInterpreter(fake);
    fake.faults.add(onExecute({ kind: 'hang' }));
    const withdrawn = new AbortController();
    const running = client.execute('print("some")', undefined, { ...IN_TIME, signal: withdrawn.signal });
    await vi.waitFor(() => expect(fake.requests.filter(({ operation }) => operation === 'ExecuteCode')).toHaveLength(1), PATIENTLY);
    withdrawn.abort();
    expect(await failureOf(running)).toMatchObject({ code: 'CANCELLED' });
  });
});

describe.concurrent('a proxy that everything has to go through', () => {
  test('the SDK goes around it with code', async () => {
    await using fake = await startFakeE2b();
    await using proxy = await ConnectProxy.open();
    const sandbox = await Sandbox.create({ ...connectionTo(fake), proxy: proxy.url });
    await sandbox.commands.run('true');
    const before = proxy.tunnels.length;
    expect(before).toBeGreaterThan(0);
    expect((await sandbox.runCode('print("some")')).logs.stdout).toEqual(['some\n']);
    expect(proxy.tunnels).toHaveLength(before);
  });

  test.each(['commands', 'code-interpreter'] as const)('ours goes through it by way of %s', async (way) => {
    await using fake = await startFakeE2b();
    // Only the proxy knows these addresses.
    await using proxy = await ConnectProxy.open(fake.host);
    const config = { way, proxy: proxy.url, apiUrl: 'http://service.invalid', sandboxUrl: 'http://sandboxes.invalid' };
    expect(await runOnce(fake, { config })).toEqual(ONE_RUN);
    expect(new Set(proxy.tunnels)).toEqual(new Set(['service.invalid:80', 'sandboxes.invalid:80']));
  });
});

async function* piecesOf(...pieces: readonly (Uint8Array | Promise<Uint8Array>)[]): AsyncGenerator<Uint8Array, void, undefined> {
  for (const piece of pieces) yield await piece;
}
