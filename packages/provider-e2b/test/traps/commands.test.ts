import { startFakeE2b, type E2bFault, type E2bFaultRule } from '@sandport/fakes';
import { Sandbox } from 'e2b';
import { describe, expect, test, vi } from 'vitest';
import { Gateway } from './gateway.ts';
import { ONE_RUN, runOnce, runTraced, tracesIn, withProvider } from './our-run.ts';
import { connectionTo, failureOf } from './vendor-call.ts';
import { vendorVersions } from './vendor-sdk.ts';

const PATIENTLY = { timeout: 10_000 } as const;
const onStart = (fault: E2bFault): E2bFaultRule => ({ match: { operation: 'StartProcess' }, times: 1, fault });

describe.concurrent('a program that ends with another code than 0', () => {
  test('the SDK throws', async () => {
    await using fake = await startFakeE2b();
    const sandbox = await Sandbox.create('base', connectionTo(fake));
    expect(await failureOf(sandbox.commands.run('exit 3'))).toMatchObject({ name: 'CommandExitError', exitCode: 3 });
  });

  test('ours says so in the result', async () => {
    await using fake = await startFakeE2b();
    await withProvider(fake, {}, async (provider) => {
      await using sandbox = await provider.createSandbox({ language: 'python' });
      expect(await sandbox.execute({ code: 'import sys; sys.exit(3)' })).toMatchObject({ status: 'failed', exitCode: 3 });
    });
  });
});

describe.concurrent.each(vendorVersions)('the time of a command in the background: e2b $version', ({ sdk }) => {
  test('the SDK has it ended after a minute unless it is told otherwise', async () => {
    await using fake = await startFakeE2b();
    await using gateway = await Gateway.open(fake.url);
    const sandbox = await sdk.Sandbox.create('base', connectionTo({ url: gateway.url, apiKey: fake.apiKey }));
    const command = await sandbox.commands.run('exec sleep 600', { background: true });
    expect(gateway.to('/Start')[0]?.headers['connect-timeout-ms']).toBe('60000');
    await Promise.all([command.kill(), failureOf(command.wait())]);
  });

  test('ours sets none, also for the command that follows a broken one', async () => {
    await using fake = await startFakeE2b();
    await using gateway = await Gateway.open(fake.url);
    await withProvider(fake, { sdk: () => Promise.resolve(sdk), config: { sandboxUrl: gateway.url } }, async (provider) => {
      await using sandbox = await provider.createSandbox({ language: 'python' });
      gateway.cut();
      expect(await runTraced(sandbox)).toMatchObject({ status: 'completed' });
      expect(gateway.to('/Start').map(({ headers }) => headers['connect-timeout-ms'])).toEqual([undefined, undefined]);
    });
  });
});

describe.concurrent('what a command has ever printed', () => {
  test('the SDK keeps all of it, also what it has handed on', async () => {
    await using fake = await startFakeE2b();
    const sandbox = await Sandbox.create('base', connectionTo(fake));
    let heard = 0;
    const onStdout = (text: string): void => void (heard += text.length);
    const command = await sandbox.commands.run('head -c 3000000 /dev/zero', { background: true, onStdout });
    await command.wait();
    expect([heard, command.stdout.length]).toEqual([3_000_000, 3_000_000]);
  });

  test('ours gives a command up that has printed much, and goes on with another', async () => {
    await using fake = await startFakeE2b();
    await withProvider(fake, {}, async (provider) => {
      await using sandbox = await provider.createSandbox({ language: 'python' });
      const commands = (): number => fake.executions.filter(({ kind }) => kind === 'command').length;
      expect(commands()).toBe(1);
      await sandbox.execute({ code: 'open("much", "wb").write(bytes(7_000_000))' });
      // In letters it is a third more, and 16 MiB are allowed.
      for (let times = 0; times < 2; times += 1) expect((await sandbox.readFile('much')).length).toBe(7_000_000);
      expect(await runTraced(sandbox)).toMatchObject({ status: 'completed' });
      expect(commands()).toBe(2);
      expect(await tracesIn(sandbox)).toBe('x');
    });
  });
});

describe.concurrent('a command that is withdrawn, and one whose time is over', () => {
  test('the SDK fails in the same way at both', async () => {
    await using fake = await startFakeE2b();
    const sandbox = await Sandbox.create('base', connectionTo(fake));
    const withdrawn = new AbortController();
    const running = failureOf(sandbox.commands.run('exec sleep 600', { signal: withdrawn.signal }));
    await vi.waitFor(() => expect(fake.executions).toHaveLength(1), PATIENTLY);
    setTimeout(() => withdrawn.abort(), 100);
    const late = failureOf(sandbox.commands.run('exec sleep 600', { timeoutMs: 300 }));
    expect([(await running).name, (await late).name]).toEqual(['TimeoutError', 'TimeoutError']);
  });

  test('ours tells them apart', async () => {
    await using fake = await startFakeE2b();
    await withProvider(fake, {}, async (provider) => {
      const code = 'import time\nprint("on", flush=True)\ntime.sleep(600)\n';
      await using sandbox = await provider.createSandbox({ language: 'python' });
      expect(await sandbox.execute({ code, limits: { timeoutMs: 300 } })).toMatchObject({ status: 'timed-out' });
      const withdrawn = new AbortController();
      const onOutput = (): void => withdrawn.abort();
      expect(await sandbox.execute({ code, onOutput }, { signal: withdrawn.signal })).toMatchObject({ status: 'cancelled' });
    });
  });
});

describe.concurrent('a stream that breaks while the program goes on', () => {
  test('the SDK fails with words that say nothing, and the program goes on unheard', async () => {
    await using fake = await startFakeE2b();
    const sandbox = await Sandbox.create('base', connectionTo(fake));
    fake.faults.add(onStart({ kind: 'stream-cut', as: 'reset', afterMs: 300 }));
    const running = sandbox.commands.run('exec sleep 600');
    expect(await failureOf(running)).toMatchObject({ name: 'SandboxError', message: expect.stringMatching(/^2: \[unknown\]/) as unknown });
    expect(await sandbox.commands.list()).toHaveLength(1);
  });

  test.each<E2bFault>([
    { kind: 'stream-cut', as: 'reset', afterMs: 900 },
    { kind: 'stream-cut', as: 'clean-end', afterMs: 900 },
    { kind: 'no-end-frame' },
  ])('ours hears the rest by another one, and runs the program once: $kind', async (fault) => {
    await using fake = await startFakeE2b();
    expect(await runOnce(fake, { config: { way: 'commands' }, making: [onStart(fault)], stepSeconds: 0.4 })).toEqual(ONE_RUN);
  });

  test('ours hears the rest although every connection breaks whenever something was heard', async () => {
    await using fake = await startFakeE2b();
    await using gateway = await Gateway.open(fake.url);
    await withProvider(fake, { config: { sandboxUrl: gateway.url, way: 'commands' } }, async (provider) => {
      await using sandbox = await provider.createSandbox({ language: 'python' });
      const code = 'import time\nfor step in range(4):\n    print(step, flush=True)\n    time.sleep(0.3)\n';
      const result = await sandbox.execute({ code, onOutput: () => gateway.cut() });
      expect(result).toMatchObject({ status: 'completed', stdout: '0\n1\n2\n3\n' });
    });
    expect(gateway.to('/Start').length).toBeGreaterThan(1);
    expect(fake.requests.filter(({ operation }) => operation === 'CreateSandbox')).toHaveLength(1);
  });
});

describe.concurrent('what is printed while nobody is attached', () => {
  const command = 'read go; echo one; touch said; read go; echo two';

  test('the SDK never hears it, and cannot ask how the command ended', async () => {
    await using fake = await startFakeE2b();
    const sandbox = await Sandbox.create('base', connectionTo(fake));
    const first = await sandbox.commands.run(command, { background: true, stdin: true, timeoutMs: 0 });
    await first.disconnect();
    await sandbox.commands.sendStdin(first.pid, '\n');
    await vi.waitFor(async () => expect(await sandbox.files.exists('said')).toBe(true), PATIENTLY);
    const second = await sandbox.commands.connect(first.pid);
    await sandbox.commands.sendStdin(first.pid, '\n');
    expect(await second.wait()).toMatchObject({ stdout: 'two\n' });
    expect(first.stdout).toBe('');
  });

  test('the SDK cannot come back to a command that is unknown by now', async () => {
    await using fake = await startFakeE2b();
    const sandbox = await Sandbox.create('base', connectionTo(fake));
    expect(await failureOf(sandbox.commands.connect(987_654))).toMatchObject({ name: expect.stringMatching(/NotFoundError$/) as unknown });
  });

  test('ours hears all of it, with the result, when it can get through again', async () => {
    await using fake = await startFakeE2b();
    // For a second nobody can start anything, or say anything to what runs; the program prints and ends meanwhile.
    const closed = { plane: 'envd' } as const;
    const running: E2bFaultRule[] = [{ match: closed, after: 2, times: 4, fault: { kind: 'cut', when: 'before-work' } }];
    const making = [onStart({ kind: 'stream-cut', as: 'reset', afterMs: 700 })];
    expect(await runOnce(fake, { config: { way: 'commands' }, making, running, stepSeconds: 0.1 })).toEqual(ONE_RUN);
  });
});
