import { describe, expect, test } from 'vitest';
import { createSandboxClient } from '../src/index.ts';
import { failureOf } from './failure-of.ts';
import { fakeDefinition, type FakeBehaviour } from './fake-provider.ts';
import { MemorySettings } from './memory-settings.ts';

const IN_PYTHON = { language: 'python' } as const;

function setUp(behaviour: FakeBehaviour = { executionsPerSandbox: 'many' }) {
  const settings = new MemorySettings({ 'sandbox.provider_type': 'fake', 'sandbox.fake': '{"label":"one"}' });
  const { definition, log } = fakeDefinition('fake', behaviour);
  const client = createSandboxClient({ settings, providers: [definition] });
  /** Lets a second provider take the place of the first. */
  const replaceProvider = async () => {
    settings.set({ 'sandbox.fake': '{"label":"two"}' });
    await client.refresh();
    await client.execute({ code: 'second' });
  };
  return { settings, definition, log, client, replaceProvider };
}

describe('a sandbox that the caller keeps', () => {
  test('comes from the provider of the stored configuration, with the options as they are', async () => {
    const { client, log } = setUp();
    const sandbox = await client.createSandbox({ ...IN_PYTHON, tenant: 'acme', maxWaitMs: 9 });
    expect([sandbox.id, sandbox.language, sandbox.expiresAtMs]).toEqual(['fake-sandbox', 'python', null]);
    expect(log.providers[0]?.sandboxes[0]?.options).toEqual({ language: 'python', tenant: 'acme', maxWaitMs: 9 });
    await sandbox.execute({ code: 'a' });
    await sandbox.execute({ code: 'b' });
    await sandbox.extend(1000);
    await sandbox.destroy();
    expect(log.events).toEqual(['create one', 'createSandbox one', 'execute a', 'execute b', 'extend', 'destroy one']);
    await client.close();
  });

  test('keeps its provider through a change of the configuration, until it is destroyed', async () => {
    const { client, log, replaceProvider } = setUp();
    const [first, other] = [await client.createSandbox(IN_PYTHON), await client.createSandbox(IN_PYTHON)];
    await replaceProvider();
    expect((await first.execute({ code: 'p' })).status).toBe('completed');
    await first.destroy();
    expect(log.events).not.toContain('close one');
    await other.destroy();
    expect(log.events.at(-1)).toBe('close one');
    await other.destroy();
    expect(log.events.filter((event) => event === 'close one')).toHaveLength(1);
  });

  test('holds no provider that nothing replaced', async () => {
    const { client, log } = setUp();
    await (await client.createSandbox(IN_PYTHON)).destroy();
    expect(log.events).not.toContain('close one');
    await client.execute({ code: 'p' });
    expect(log.providers).toHaveLength(1);
  });

  test('that a call finds closed lets its provider go', async () => {
    const { client, log, replaceProvider } = setUp();
    const sandbox = await client.createSandbox(IN_PYTHON);
    await replaceProvider();
    log.providers[0]?.sandboxes[0]?.end();
    expect(log.events).not.toContain('close one');
    expect((await failureOf(sandbox.execute({ code: 'p' }))).code).toBe('SANDBOX_CLOSED');
    expect(log.events.at(-1)).toBe('close one');
  });

  test('that merely executes once is not taken for closed', async () => {
    const { client, log, replaceProvider } = setUp({ executionsPerSandbox: 'one' });
    const sandbox = await client.createSandbox(IN_PYTHON);
    await replaceProvider();
    log.providers[0]?.sandboxes[0]?.end();
    expect((await failureOf(sandbox.execute({ code: 'p' }))).code).toBe('SANDBOX_CLOSED');
    expect(log.events).not.toContain('close one');
    await sandbox.destroy();
    expect(log.events.at(-1)).toBe('close one');
  });

  test('whose lifetime has passed lets its provider go, and not before an extended end', async () => {
    let reads = 0;
    let extendedMs = 0;
    const expiresAtMs = () => {
      reads += 1;
      if (reads === 1) return Date.now() + 20;
      if (extendedMs === 0) extendedMs = Date.now() + 150;
      return extendedMs;
    };
    const { client, log, replaceProvider } = setUp({ executionsPerSandbox: 'many', expiresAtMs });
    await client.createSandbox(IN_PYTHON);
    await replaceProvider();
    await expect.poll(() => log.events, { timeout: 5_000, interval: 5 }).toContain('close one');
    expect(reads).toBeGreaterThan(1);
    expect(Date.now()).toBeGreaterThanOrEqual(extendedMs);
  });

  test('lets its provider go also when it could not be destroyed, and says so', async () => {
    const lost = new Error('engine gone');
    const { client, log, settings } = setUp({ executionsPerSandbox: 'many', destroy: () => Promise.reject(lost) });
    const sandbox = await client.createSandbox(IN_PYTHON);
    settings.set({ 'sandbox.fake': '{"label":"two"}' });
    await client.refresh();
    await expect(sandbox.destroy()).rejects.toBe(lost);
    expect(log.events.at(-1)).toBe('close one');
  });

  test('is ended by closing the client', async () => {
    const { client, log } = setUp();
    const sandbox = await client.createSandbox(IN_PYTHON);
    await client.close();
    expect(log.events.at(-1)).toBe('close one');
    expect((await failureOf(sandbox.execute({ code: 'p' }))).code).toBe('SANDBOX_CLOSED');
    expect((await failureOf(client.createSandbox(IN_PYTHON))).code).toBe('SANDBOX_CLOSED');
  });

  test('comes with await using', async () => {
    const { client, log } = setUp();
    {
      await using sandbox = await client.createSandbox(IN_PYTHON);
      await sandbox.execute({ code: 'p' });
    }
    expect(log.events.at(-1)).toBe('destroy one');
  });
});

describe('options that the provider does not declare', () => {
  test.each([
    ['a language', { language: 'javascript' }, 'LANGUAGE_UNSUPPORTED'],
    ['a lifetime', { language: 'python', lifetimeMs: 1000 }, 'CAPABILITY_UNSUPPORTED'],
    ['a limit', { language: 'python', limits: { cpus: 1 } }, 'CAPABILITY_UNSUPPORTED'],
  ] as const)('%s is refused before anything is created', async (_, options, code) => {
    const { client, log } = setUp();
    expect((await failureOf(client.createSandbox(options))).code).toBe(code);
    expect(log.events).toEqual(['create one']);
  });
});

describe('connectSandbox', () => {
  test('takes a sandbox over, whose provider then stays', async () => {
    const { client, log, replaceProvider } = setUp();
    const sandbox = await client.connectSandbox('fake-sandbox');
    await replaceProvider();
    await sandbox.execute({ code: 'p' });
    await sandbox.destroy();
    expect(log.events.slice(0, 2)).toEqual(['create one', 'connectSandbox one fake-sandbox']);
    expect(log.events.at(-1)).toBe('close one');
  });

  test('passes on that there is none, and holds nothing', async () => {
    const { client, log, replaceProvider } = setUp();
    expect((await failureOf(client.connectSandbox('another'))).code).toBe('SANDBOX_NOT_FOUND');
    await replaceProvider();
    expect(log.events).toContain('close one');
  });

  test('with a signal that has fired reads nothing', async () => {
    const { client, settings } = setUp();
    expect((await failureOf(client.connectSandbox('x', { signal: AbortSignal.abort() }))).code).toBe('CANCELLED');
    expect(settings.readCount).toBe(0);
  });
});
