import type { ExecutionContext, JsonValue, Sandbox, SandboxProvider } from '@sandport/core';
import { Sandbox as VendorSandbox } from '@e2b/code-interpreter';
import { startFakeE2b, type FakeE2b, type FakeE2bSandboxView } from '@sandport/fakes';
import { describe, expect, test, vi } from 'vitest';
import { createE2bProvider } from '../src/index.ts';
import { configOf } from './fake-service.ts';

const WAYS = ['commands', 'code-interpreter'] as const;
const MAKER = { language: 'python', reconnectable: true } as const;
const WAITED = { timeout: 20_000, interval: 25 } as const;

async function valueOf(place: ExecutionContext | Sandbox, code: string): Promise<JsonValue | undefined> {
  const result = await place.execute({ code });
  expect(result).toMatchObject({ status: 'completed' });
  return result.status === 'completed' ? result.value : undefined;
}

function viewOf(fake: FakeE2b, id: string): FakeE2bSandboxView | undefined {
  return fake.sandboxes().find(({ sandboxId }) => sandboxId === id);
}

/** Looks at a sandbox as its holder would. */
const HELLO = 'def main():\n    return "hello"\n';

describe.concurrent('a sandbox for others', { timeout: 60_000 }, () => {
  test.each(WAYS)('is paused by the service when it is idle, and resumed with its memory by whoever connects (%s)', async (way) => {
    let offsetMs = 0;
    await using fake = await startFakeE2b({ now: () => Date.now() + offsetMs });
    const config = { way, whenIdle: 'pause', idleTimeoutMs: 60_000, maxLifetimeMs: 86_300_000, serviceLifetimeMs: 86_400_000 };
    const maker = createE2bProvider(configOf(fake, config));
    const sandbox = await maker.createSandbox({ ...MAKER, lifetimeMs: 3_600_000 });
    const context = await sandbox.createContext();
    await valueOf(context, 'kept = 41');
    await sandbox.writeFile('kept', 'in a file');
    await maker.close();
    expect(viewOf(fake, sandbox.id)?.state).toBe('running');
    offsetMs = 40 * 60_000;
    await vi.waitFor(() => expect(viewOf(fake, sandbox.id)?.state).toBe('paused'), WAITED);
    await using other = createE2bProvider(configOf(fake, config));
    const found = await connect(other, sandbox.id);
    expect(viewOf(fake, sandbox.id)?.state).toBe('running');
    expect(new TextDecoder().decode(await found.readFile('kept'))).toBe('in a file');
    expect(await valueOf(found, HELLO)).toBe('hello');
    const again = found.context(context.id);
    expect(await valueOf(again, 'kept + 1')).toBe(42);
    await found.destroy();
    expect(fake.sandboxes()).toEqual([]);
  });

  test.each(WAYS)('that was paused under its holder is resumed by its next call (%s)', async (way) => {
    await using fake = await startFakeE2b();
    await using provider = createE2bProvider(configOf(fake, { way, whenIdle: 'pause' }));
    const sandbox = await provider.createSandbox(MAKER);
    const context = await sandbox.createContext();
    await valueOf(context, 'kept = 41');
    await fake.expire(sandbox.id);
    expect(viewOf(fake, sandbox.id)?.state).toBe('paused');
    expect(await valueOf(context, 'kept + 1')).toBe(42);
    expect(viewOf(fake, sandbox.id)?.state).toBe('running');
    await sandbox.destroy();
    expect(fake.sandboxes()).toEqual([]);
  });

  test('that is paused under its program goes on with it', async () => {
    await using fake = await startFakeE2b();
    await using provider = createE2bProvider(configOf(fake, { way: 'commands', whenIdle: 'pause' }));
    const sandbox = await provider.createSandbox(MAKER);
    let pausing: Promise<void> | undefined;
    const result = await sandbox.execute({
      code: 'import time\nwith open("runs", "a") as file:\n    file.write("x")\nprint("on", flush=True)\ntime.sleep(1)\ndef main():\n    return open("runs").read()\n',
      onOutput: () => void (pausing ??= fake.expire(sandbox.id)),
    });
    await pausing;
    expect(result).toMatchObject({ status: 'completed', value: 'x', stdout: 'on\n' });
    await sandbox.destroy();
  });

  test.each(WAYS)('cannot be taken, nor ended, with another key, not even one of the same team (%s)', async (way) => {
    await using fake = await startFakeE2b();
    await using maker = createE2bProvider(configOf(fake, { way }));
    const sandbox = await maker.createSandbox(MAKER);
    await using stranger = createE2bProvider(configOf(fake, { apiKey: fake.addKey(), way: 'commands' }));
    await expect(connect(stranger, sandbox.id)).rejects.toMatchObject({ code: 'SANDBOX_NOT_FOUND' });
    await using unknown = createE2bProvider(configOf(fake, { apiKey: 'e2b_nobodys', way: 'commands' }));
    await expect(connect(unknown, sandbox.id)).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED' });
    expect(viewOf(fake, sandbox.id)?.state).toBe('running');
    expect(await valueOf(sandbox, HELLO)).toBe('hello');
    await sandbox.destroy();
  });

  test.each([
    ['commands', 'code-interpreter'],
    ['code-interpreter', 'commands'],
  ] as const)('that was gone into by %s is found by who goes by %s', async (made, taken) => {
    await using fake = await startFakeE2b();
    const maker = createE2bProvider(configOf(fake, { way: made }));
    const sandbox = await maker.createSandbox(MAKER);
    await sandbox.writeFile('kept', 'a');
    await maker.close();
    await using other = createE2bProvider(configOf(fake, { way: taken }));
    const found = await connect(other, sandbox.id);
    expect(await valueOf(found, 'def main():\n    return open("kept").read()\n')).toBe('a');
    await found.destroy();
    expect(fake.sandboxes()).toEqual([]);
  });

  test.each(WAYS)('is taken over while an exchange of its former holder hangs (%s)', async (way) => {
    await using fake = await startFakeE2b();
    await using former = createE2bProvider(configOf(fake, { way }));
    const sandbox = await former.createSandbox(MAKER);
    let started: (() => void) | undefined;
    const begun = new Promise<void>((resolve) => (started = resolve));
    const run = sandbox
      .execute({ code: 'import time\nprint("on", flush=True)\ntime.sleep(60)\n', onOutput: () => started?.() })
      .then(({ status }) => status, codeOf);
    await begun;
    await using next = createE2bProvider(configOf(fake, { way }));
    const found = await connect(next, sandbox.id);
    expect(await valueOf(found, HELLO)).toBe('hello');
    // Whoever has lost it neither ends it nor hears of a program that completed.
    expect(['SANDBOX_TAKEN', 'SANDBOX_CLOSED', 'SANDBOX_NOT_FOUND', 'killed', 'cancelled']).toContain(await run);
    await sandbox.destroy();
    await former.close();
    expect(await valueOf(found, HELLO)).toBe('hello');
    await found.destroy();
    expect(fake.sandboxes()).toEqual([]);
  });

  test.each(WAYS)('keeps nothing of those who held it before (%s)', async (way) => {
    await using fake = await startFakeE2b();
    const maker = createE2bProvider(configOf(fake, { way }));
    const { id } = await maker.createSandbox(MAKER);
    await maker.close();
    for (let holder = 0; holder < 3; holder += 1) {
      await using provider = createE2bProvider(configOf(fake, { way }));
      expect(await valueOf(await connect(provider, id), HELLO)).toBe('hello');
    }
    await using last = createE2bProvider(configOf(fake, { way }));
    expect(await valueOf(await connect(last, id), HELLO)).toBe('hello');
    const held = await VendorSandbox.connect(id, { apiKey: fake.apiKey, apiUrl: fake.url, sandboxUrl: fake.url });
    // Two interpreters are there from the beginning; the last holder has one of its own, or a process.
    const own = way === 'commands' ? [1, 2] : [0, 3];
    const countBoth = async (): Promise<number[]> => [(await held.commands.list()).length, (await held.listCodeContexts()).length];
    await vi.waitFor(async () => expect(await countBoth()).toEqual(own), WAITED);
  });

  test('is connected to although the service fails at times', async () => {
    await using fake = await startFakeE2b();
    const maker = createE2bProvider(configOf(fake, { way: 'commands' }));
    const sandbox = await maker.createSandbox(MAKER);
    await maker.close();
    await using other = createE2bProvider(configOf(fake, { way: 'commands' }));
    fake.faults.add({ match: { operation: 'GetSandbox' }, times: 1, fault: { kind: 'status', status: 502, body: 'html' } });
    fake.faults.add({ match: { operation: 'ConnectSandbox' }, times: 1, fault: { kind: 'cut', when: 'after-work' } });
    fake.faults.add({ match: { operation: 'SetTimeout' }, times: 1, fault: { kind: 'status', status: 500 } });
    const found = await connect(other, sandbox.id);
    expect(await valueOf(found, HELLO)).toBe('hello');
    await found.destroy();
    expect(fake.sandboxes()).toEqual([]);
  });

  test('is left as it is by whoever fails to connect to it', async () => {
    await using fake = await startFakeE2b();
    const maker = createE2bProvider(configOf(fake, { way: 'commands' }));
    const sandbox = await maker.createSandbox(MAKER);
    await maker.close();
    const other = createE2bProvider(configOf(fake, { way: 'commands' }));
    for (const operation of ['GetSandbox', 'ConnectSandbox', 'SetTimeout'] as const) {
      const mend = fake.faults.add({ match: { operation }, fault: { kind: 'status', status: 500 } });
      await expect(connect(other, sandbox.id)).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
      mend();
    }
    expect(viewOf(fake, sandbox.id)?.state).toBe('running');
    const found = await connect(other, sandbox.id);
    expect(await valueOf(found, HELLO)).toBe('hello');
    await found.destroy();
    await other.close();
    expect(fake.sandboxes()).toEqual([]);
  });

  test('can be made, and taken, where the service cannot put an end off', async () => {
    await using fake = await startFakeE2b({ absent: ['SetTimeout'] });
    const maker = createE2bProvider(configOf(fake, { way: 'commands' }));
    const sandbox = await maker.createSandbox(MAKER);
    await maker.close();
    await using other = createE2bProvider(configOf(fake, { way: 'commands' }));
    const found = await connect(other, sandbox.id);
    expect(await valueOf(found, HELLO)).toBe('hello');
    await found.destroy();
    expect(fake.sandboxes()).toEqual([]);
  });

  test('that was not made for others, or has ended, or never was, cannot be connected to', async () => {
    await using fake = await startFakeE2b();
    await using provider = createE2bProvider(configOf(fake, { way: 'commands' }));
    const own = await provider.createSandbox({ language: 'python' });
    const ended = await provider.createSandbox(MAKER);
    await ended.destroy();
    await using other = createE2bProvider(configOf(fake, { way: 'commands' }));
    for (const id of [own.id, ended.id, 'inobody', '../v2/sandboxes', '']) {
      await expect(connect(other, id)).rejects.toMatchObject({ code: 'SANDBOX_NOT_FOUND' });
    }
    expect(await valueOf(own, HELLO)).toBe('hello');
    await own.destroy();
  });

  test.each(WAYS)('ends by itself after its idle time, and is not kept by the service much longer (%s)', async (way) => {
    await using fake = await startFakeE2b();
    await using provider = createE2bProvider(configOf(fake, { way }));
    const sandbox = await provider.createSandbox({ ...MAKER, idleTimeoutMs: 1000 });
    const left = (viewOf(fake, sandbox.id)?.endAtMs ?? 0) - Date.now();
    expect(left).toBeLessThan(70_000);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await expect(sandbox.execute({ code: '' })).rejects.toMatchObject({ code: 'SANDBOX_CLOSED' });
    await using other = createE2bProvider(configOf(fake, { way }));
    await expect(connect(other, sandbox.id)).rejects.toMatchObject({ code: 'SANDBOX_NOT_FOUND' });
    expect(fake.sandboxes()).toEqual([]);
  });
});

async function connect(provider: SandboxProvider, id: string): Promise<Sandbox> {
  if (provider.connectSandbox === undefined) throw new Error('it connects to none');
  return provider.connectSandbox(id);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error ? Reflect.get(error, 'code') : error;
}
