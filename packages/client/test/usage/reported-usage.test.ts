import { SandboxError, type SettingsStore } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import type { StoredClientOptions } from '../../src/index.ts';
import { failureOf } from '../failure-of.ts';
import type { FakeBehaviour } from '../fake-provider.ts';
import { MemorySettings } from '../memory-settings.ts';
import { MemorySessionStore } from '../session/memory-session-store.ts';
import { TWO_ROWS, twoProviders } from '../test-client.ts';
import { MemoryUsageStore } from './memory-usage-store.ts';

/** A client whose settings keep what it reports. */
function reportingClient(
  rows: Readonly<Record<string, string>> = {},
  behaviours: { readonly one?: FakeBehaviour; readonly two?: FakeBehaviour } = {},
  options: Partial<StoredClientOptions> = {},
) {
  const settings: MemorySettings & Pick<SettingsStore, 'usage' | 'sessions'> = Object.assign(new MemorySettings({ ...TWO_ROWS, ...rows }), {
    usage: new MemoryUsageStore(),
    sessions: new MemorySessionStore(),
  });
  const usage = settings.usage as MemoryUsageStore;
  return { ...twoProviders(rows, behaviours, { settings, ...options }), usage, stored: settings };
}

describe('a client that reports', () => {
  test('tells what became of its calls when it is closed, and nothing of what they were', async () => {
    const { client, usage } = reportingClient({}, { one: { result: { status: 'timed-out' } as never } });
    await client.execute({ code: 'planted-code', arguments: { a: 'planted-argument' }, tenant: 'planted-tenant' });
    await client.execute({ code: 'p' });
    expect((await failureOf(client.execute({ code: 'p', language: 'javascript' }))).code).toBe('LANGUAGE_UNSUPPORTED');
    expect(usage.writes).toEqual([]);
    await client.close();
    expect([...usage.rows.values()]).toMatchObject([
      { providerId: 'one', statuses: { 'timed-out': 2 }, errors: { LANGUAGE_UNSUPPORTED: 1 }, pool: null },
    ]);
    expect(JSON.stringify(usage.writes)).not.toContain('planted');
  });

  test('counts a call once, at the provider that carried it out', async () => {
    const down = () => Promise.reject(new SandboxError('PROVIDER_UNAVAILABLE', 'Down.'));
    const { client, usage } = reportingClient({ 'sandbox.fallback': '["two"]' }, { one: { createSandbox: down } });
    await client.execute({ code: 'p' });
    await client.close();
    expect([...usage.rows.values()]).toMatchObject([{ providerId: 'two', statuses: { completed: 1 }, errors: {} }]);
  });

  test('counts the runs of sandboxes that are kept, of their contexts and of sessions, and sandboxes that could not be had', async () => {
    let isFull = false;
    const { client, usage } = reportingClient(
      {},
      {
        one: {
          executionsPerSandbox: 'many',
          createSandbox: () => (isFull ? Promise.reject(new SandboxError('CAPACITY_EXHAUSTED', 'Full.')) : Promise.resolve()),
        },
      },
    );
    const sandbox = await client.createSandbox({ language: 'python' });
    await sandbox.execute({ code: 'p', language: 'python' });
    await sandbox.context('fake-context').execute({ code: 'p' });
    await client.session('key', { language: 'python' }).execute({ code: 'p' });
    await sandbox.destroy();
    expect((await failureOf(sandbox.execute({ code: 'p', language: 'python' }))).code).toBe('SANDBOX_CLOSED');
    isFull = true;
    expect((await failureOf(client.createSandbox({ language: 'python' }))).code).toBe('CAPACITY_EXHAUSTED');
    await client.close();
    expect(usage.totals()).toEqual({ completed: 3, CAPACITY_EXHAUSTED: 1 });
  });

  test('tells what the pool had, for which it looks before it closes the provider', async () => {
    const { client, usage, one } = reportingClient();
    await client.execute({ code: 'p' });
    const [provider] = one.log.providers;
    if (provider === undefined) throw new Error('the fake was not made');
    const describePool = () => ({ idle: 2, busy: one.log.events.includes('close first') ? 99 : 1, starting: 0, waiting: 0 });
    Object.assign(provider, { describePool });
    await client.close();
    expect(one.log.events).toContain('close first');
    expect([...usage.rows.values()].map(({ pool }) => pool)).toEqual([{ idle: 2, busy: 1, starting: 0, waiting: 0 }]);
  });

  test('is not kept from its calls, nor from closing, by a database that takes nothing', async () => {
    const { client, usage, warnings } = reportingClient();
    usage.failure = new SandboxError('SETTINGS_UNAVAILABLE', 'Down.');
    expect((await client.execute({ code: 'p' })).status).toBe('completed');
    await client.close();
    expect(warnings.map(({ code, message }) => [code, message.includes('no call is affected')])).toEqual([['SETTINGS_UNAVAILABLE', true]]);
  });

  test('writes before it closes settings that it opened', async () => {
    const usage = new MemoryUsageStore();
    const settings = Object.assign(new MemorySettings(TWO_ROWS), { usage });
    let closedBefore: number | undefined;
    usage.beforeWrite = () => {
      closedBefore = settings.closeCount;
      return Promise.resolve();
    };
    const { client } = twoProviders({}, {}, { settings: () => settings });
    await client.execute({ code: 'p' });
    await client.close();
    expect([closedBefore, settings.closeCount, usage.totals()]).toEqual([0, 1, { completed: 1 }]);
  });

  test('tells nothing where that is not wanted, and needs no settings that could keep it', async () => {
    const { client, usage } = reportingClient({}, {}, { reportUsage: false });
    await client.execute({ code: 'p' });
    await client.close();
    expect(usage.writes).toEqual([]);
    const plain = twoProviders();
    await plain.client.execute({ code: 'p' });
    await plain.client.close();
    expect(plain.warnings).toEqual([]);
  });
});
