import { Sandbox as CodeSandbox } from '@e2b/code-interpreter';
import { startFakeE2b, type E2bFaultRule, type E2bOperation, type FakeE2b } from '@sandport/fakes';
import { Sandbox } from 'e2b';
import { describe, expect, test, vi } from 'vitest';
import { Gateway } from './gateway.ts';
import { ONE_RUN, runOnce, runTraced, tracesIn, withProvider } from './our-run.ts';
import { connectionTo, failureOf, isOpenAfter } from './vendor-call.ts';

const PATIENTLY = { timeout: 10_000 } as const;
const countOf = (fake: FakeE2b, operation: E2bOperation): number =>
  fake.requests.filter((request) => request.operation === operation).length;

describe.concurrent('port 49999, which opens later than the sandbox', () => {
  const closed: E2bFaultRule = { match: { plane: 'interpreter' }, times: 3, fault: { kind: 'status', status: 502 } };

  test('the SDK runs code at once, and takes the sandbox for ended', async () => {
    await using fake = await startFakeE2b();
    fake.faults.add(closed);
    const sandbox = await CodeSandbox.create(connectionTo(fake));
    expect(await failureOf(sandbox.runCode('1'))).toMatchObject({ name: 'TimeoutError' });
    expect(countOf(fake, 'CheckInterpreterHealth')).toBe(0);
    expect(await sandbox.isRunning()).toBe(true);
  });

  test('ours runs nothing before it is open', async () => {
    await using fake = await startFakeE2b();
    expect(await runOnce(fake, { config: { way: 'code-interpreter' }, making: [closed] })).toEqual(ONE_RUN);
    const calls = fake.requests.filter(({ plane }) => plane === 'interpreter').map(({ operation }) => operation);
    expect(calls.slice(0, 5)).toEqual([...Array.from({ length: 4 }, () => 'CheckInterpreterHealth'), 'ExecuteCode']);
  });

  test('ours says so where it may not come in, and leaves no sandbox', async () => {
    await using fake = await startFakeE2b();
    fake.faults.add({ match: { plane: 'interpreter' }, fault: { kind: 'status', status: 403 } });
    await withProvider(fake, { config: { way: 'code-interpreter' } }, async (provider) => {
      expect(await failureOf(provider.createSandbox({ language: 'python' }))).toMatchObject({ code: 'AUTHENTICATION_FAILED' });
    });
    expect(fake.sandboxes()).toEqual([]);
  });
});

describe.concurrent('a stream that says nothing', () => {
  test('the SDK waits for it although the command has ended', async () => {
    await using fake = await startFakeE2b();
    const sandbox = await Sandbox.create('base', connectionTo(fake));
    // Not one byte but the head: neither output nor signs of life, as behind a gateway that has forgotten the connection.
    fake.faults.add({ match: { operation: 'StartProcess' }, fault: { kind: 'silent' } });
    const running = sandbox.commands.run('true');
    await vi.waitFor(() => expect(countOf(fake, 'StartProcess')).toBe(1), PATIENTLY);
    await vi.waitFor(async () => expect(await sandbox.commands.list()).toEqual([]), PATIENTLY);
    expect(await isOpenAfter(running, 300)).toBe(true);
    await fake.close();
    await failureOf(running);
  });

  test('ours finds it dead at the next call, and opens another', async () => {
    await using fake = await startFakeE2b({ keepAlives: false });
    await using gateway = await Gateway.open(fake.url);
    await withProvider(fake, { config: { sandboxUrl: gateway.url, way: 'commands' } }, async (provider) => {
      await using sandbox = await provider.createSandbox({ language: 'python' });
      expect(await runTraced(sandbox)).toMatchObject({ status: 'completed' });
      expect(countOf(fake, 'StartProcess')).toBe(1);
      // While nothing happens, nobody notices.
      gateway.cut();
      expect(await runTraced(sandbox)).toMatchObject({ status: 'completed' });
      expect(countOf(fake, 'StartProcess')).toBe(2);
      expect(await tracesIn(sandbox)).toBe('xx');
    });
  });

  test('the SDK does not open another: what the command prints from then on is lost', async () => {
    await using fake = await startFakeE2b({ keepAlives: false });
    await using gateway = await Gateway.open(fake.url);
    const sandbox = await Sandbox.create('base', connectionTo({ url: gateway.url, apiKey: fake.apiKey }));
    const command = await sandbox.commands.run('read go; echo late; touch said', { background: true, stdin: true, timeoutMs: 0 });
    gateway.cut();
    expect(await failureOf(command.wait())).toMatchObject({ name: 'SandboxError' });
    await sandbox.commands.sendStdin(command.pid, '\n');
    await vi.waitFor(async () => expect(await sandbox.files.exists('said')).toBe(true), PATIENTLY);
    expect(command.stdout).toBe('');
  });

  test('ours needs no signs of life while a program is quiet', async () => {
    await using fake = await startFakeE2b({ keepAlives: false });
    for (const way of ['commands', 'code-interpreter']) expect(await runOnce(fake, { config: { way }, stepSeconds: 0.2 })).toEqual(ONE_RUN);
  });
});
