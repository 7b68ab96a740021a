import { inspect } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { SandboxError } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { createSandboxClient } from '../src/index.ts';
import { failureOf } from './failure-of.ts';
import { fakeDefinition } from './fake-provider.ts';
import { MemorySettings } from './memory-settings.ts';
import { labelOf, TWO_ROWS, twoProviders } from './test-client.ts';

describe('a client that is used', () => {
  test('makes no read for a call', async () => {
    const { client, settings } = twoProviders({}, {}, { pollIntervalMs: 60_000 });
    for (let index = 0; index < 50; index += 1) await labelOf(client);
    expect(settings.readCount).toBe(1);
  });

  test('is switched fifty times under load without a failed call, and each call after the switch is on the new provider', async () => {
    const { client, settings, one, two } = twoProviders({}, { one: { execute: () => delay(3) }, two: { execute: () => delay(3) } });
    let isOver = false;
    let calls = 0;
    const load = Array.from({ length: 8 }, async () => {
      while (!isOver) {
        expect(['first', 'second']).toContain(await labelOf(client));
        calls += 1;
      }
    });
    for (let index = 0; index < 50; index += 1) {
      const [id, label] = index % 2 === 0 ? ['two', 'second'] : ['one', 'first'];
      settings.set({ 'sandbox.provider_type': id });
      await expect.poll(() => labelOf(client), { timeout: 5_000, interval: 1 }).toBe(label);
      expect(await Promise.all([labelOf(client), labelOf(client)])).toEqual([label, label]);
    }
    isOver = true;
    await Promise.all(load);
    expect(calls).toBeGreaterThan(50);
    expect(settings.peakReads).toBe(1);
    await client.close();
    for (const { log } of [one, two]) {
      const count = (event: string) => log.events.filter((each) => each.startsWith(event)).length;
      expect(count('close ')).toBe(log.providers.length);
      expect(count('destroy ')).toBe(count('createSandbox '));
    }
  });

  test('uses no provider that is being closed: one that comes back meanwhile is made anew', async () => {
    let finishClosing: () => void = () => undefined;
    const closing = new Promise<void>((resolve) => {
      finishClosing = resolve;
    });
    const { client, settings, one } = twoProviders({}, { one: { close: () => closing } });
    await labelOf(client);
    for (const id of ['two', 'one']) {
      settings.set({ 'sandbox.provider_type': id });
      await client.refresh();
    }
    expect(await labelOf(client)).toBe('first');
    expect(one.log.providers).toHaveLength(2);
    finishClosing();
  });

  test('says in each result, in the information and in health which version it goes by', async () => {
    const { client, settings } = twoProviders();
    const first = await client.execute({ code: 'p' });
    expect(first.route).toEqual({ configurationVersion: null, steps: [{ providerId: 'one', outcome: 'used' }] });
    settings.set({ 'sandbox.version': '{"number":7}' });
    await client.refresh();
    expect((await client.execute({ code: 'p' })).route.configurationVersion).toBe(7);
    expect((await client.providerInfo()).configurationVersion).toBe(7);
    expect((await client.checkHealth()).configurationVersion).toBe(7);
  });
});

describe('a database that is down', () => {
  test('leaves the last good configuration in use, which health says with a remedy, and the client recovers by itself', async () => {
    const { client, settings } = twoProviders({ 'sandbox.version': '{"number":7}' });
    expect((await client.checkHealth()).checks).toEqual([]);
    settings.failure = new SandboxError('SETTINGS_UNAVAILABLE', 'No route to host.', { suggestion: 'Start the database.' });
    await expect.poll(async () => (await client.checkHealth()).status).toBe('degraded');
    const { checks } = await client.checkHealth();
    expect(checks).toMatchObject([{ name: 'settings', status: 'warning', remedy: 'Start the database.' }]);
    expect(checks[0]?.message).toMatch(/SETTINGS_UNAVAILABLE.* since 20\d\d-\d\d-\d\dT.*Z; .*version 7\.$/);
    expect(await labelOf(client)).toBe('first');
    settings.set({ 'sandbox.provider_type': 'two' });
    expect(await labelOf(client)).toBe('first');
    settings.failure = undefined;
    await expect.poll(() => labelOf(client), { timeout: 10_000 }).toBe('second');
    expect((await client.checkHealth()).status).toBe('healthy');
  });

  test('is not a reason to fail for a provider that was never used before', async () => {
    const { client, settings, two } = twoProviders({ 'sandbox.provider_type': 'two' });
    await client.providerInfo();
    settings.failure = new Error('gone');
    await expect.poll(async () => (await client.checkHealth()).status).toBe('degraded');
    expect(await labelOf(client)).toBe('second');
    expect(two.log.providers).toHaveLength(1);
  });

  test('from the start is SETTINGS_UNAVAILABLE', async () => {
    const { client, settings } = twoProviders();
    settings.failure = new Error('gone');
    const error = await failureOf(client.execute({ code: 'p' }));
    expect([error.code, error.cause]).toEqual(['SETTINGS_UNAVAILABLE', settings.failure]);
  });
});

describe('a database that answers slowly', () => {
  test('holds up no call, and a change counts when it was read', async () => {
    const { client, settings } = twoProviders();
    await labelOf(client);
    settings.delayMs = 1500;
    await expect.poll(() => settings.openReads).toBe(1);
    settings.set({ 'sandbox.provider_type': 'two' });
    for (let call = 0; call < 5; call += 1) expect(['first', 'second']).toContain(await labelOf(client));
    // All of them were over before it.
    expect(settings.openReads).toBe(1);
    expect(settings.peakReads).toBe(1);
    await expect.poll(() => labelOf(client), { timeout: 10_000 }).toBe('second');
  });

  test('is given up after two seconds, and asked anew', async () => {
    const { client, settings } = twoProviders();
    await labelOf(client);
    settings.delayMs = 60_000;
    await expect.poll(async () => (await client.checkHealth()).status, { timeout: 10_000 }).toBe('degraded');
    expect(settings.peakReads).toBe(1);
    settings.delayMs = 0;
    settings.set({ 'sandbox.provider_type': 'two' });
    await expect.poll(() => labelOf(client), { timeout: 10_000 }).toBe('second');
  });
});

describe('a row that can be read and makes no sense fails the calls, and names itself', () => {
  const broken: readonly (readonly [string, Readonly<Record<string, string>>, string, string])[] = [
    ['a provider that nobody carries', { 'sandbox.provider_type': 'three' }, 'PROVIDER_UNKNOWN', 'sandbox.provider_type'],
    ['a configuration that is no JSON', { 'sandbox.one': '{' }, 'CONFIG_INVALID', 'sandbox.one'],
    ['a configuration that breaks its schema', { 'sandbox.one': '{"workers":9}' }, 'CONFIG_INVALID', 'sandbox.one'],
    ['a policy that is no JSON', { 'sandbox.policy': '{' }, 'CONFIG_INVALID', 'sandbox.policy'],
    ['a policy that is no object', { 'sandbox.policy': '[]' }, 'CONFIG_INVALID', 'sandbox.policy'],
    ['a rule of a newer policy', { 'sandbox.policy': '{"maxCost":1}' }, 'CONFIG_INVALID', 'sandbox.policy'],
    ['a fall-back that is no list', { 'sandbox.fallback': '"two"' }, 'CONFIG_INVALID', 'sandbox.fallback'],
    ['a fall-back of something else than ids', { 'sandbox.fallback': '[{"id":"two"}]' }, 'CONFIG_INVALID', 'sandbox.fallback'],
    ['a fall-back with a text that is no id', { 'sandbox.fallback': '["Two!"]' }, 'CONFIG_INVALID', 'sandbox.fallback'],
    ['a version of a newer shape', { 'sandbox.version': '{"number":7,"signature":"x"}' }, 'CONFIG_INVALID', 'sandbox.version'],
    ['a version that is no JSON', { 'sandbox.version': '7x' }, 'CONFIG_INVALID', 'sandbox.version'],
  ];

  test.each(broken)('%s', async (_, rows, code, row) => {
    const { client, settings } = twoProviders();
    await labelOf(client);
    settings.set(rows);
    await client.refresh();
    const error = await failureOf(client.execute({ code: 'p' }));
    expect([error.code, error.details?.['row']]).toEqual([code, row]);
    expect(error.suggestion).toBeDefined();
    expect((await failureOf(client.checkHealth())).details?.['row']).toBe(row);
    for (const name of Object.keys(rows)) settings.rows.delete(name);
    settings.set(TWO_ROWS);
    await client.refresh();
    expect(await labelOf(client)).toBe('first');
  });

  test('what a newer version wrote comes with the advice to update', async () => {
    const { client } = twoProviders({ 'sandbox.policy': '{"maxCost":1}' });
    const error = await failureOf(client.execute({ code: 'p' }));
    expect(error.details).toEqual({ row: 'sandbox.policy', field: 'maxCost' });
    expect(error.suggestion).toContain('newer version');
  });
});

describe('secrets of a row', () => {
  const SECRET = 'sk-planted-4711';
  const SEALED = { 'sandbox.one': '{"label":"first","$encrypted":{"key":{"id":"a"},"data":"x"}}' };

  test('are opened once for a text, reach the provider, and are named without their values', async () => {
    const { client, settings, one } = twoProviders(SEALED);
    settings.opened = { token: SECRET };
    await Promise.all([labelOf(client), labelOf(client)]);
    await labelOf(client);
    expect([one.log.providers[0]?.config.token, settings.unsealCount]).toEqual([SECRET, 1]);
    const info = await client.providerInfo();
    expect(info.configKeys).toEqual(['label', 'token']);
    expect(inspect([info, await client.checkHealth(), client], { depth: Infinity, showHidden: true })).not.toContain(SECRET);
  });

  test('that cannot be opened fail the call with the row, and are tried anew', async () => {
    const { client, settings } = twoProviders(SEALED);
    settings.opened = new SandboxError('SECRET_UNREADABLE', 'Row "sandbox.one" was sealed with another key.');
    expect(await failureOf(client.execute({ code: 'p' }))).toBe(settings.opened);
    settings.opened = new TypeError('a fault of the store');
    const error = await failureOf(client.execute({ code: 'p' }));
    expect([error.code, error.details, error.cause]).toEqual(['SECRET_UNREADABLE', { row: 'sandbox.one' }, settings.opened]);
    settings.opened = { token: SECRET };
    expect(await labelOf(client)).toBe('first');
  });

  test('that break the schema are not quoted', async () => {
    const { client, settings } = twoProviders(SEALED);
    settings.opened = { workers: SECRET };
    const error = await failureOf(client.execute({ code: 'p' }));
    expect([error.code, error.details?.['field']]).toEqual(['CONFIG_INVALID', 'workers']);
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain(SECRET);
  });

  test('whose row was wrapped by another master key leave the provider alone', async () => {
    const { client, settings, one } = twoProviders(SEALED);
    await labelOf(client);
    settings.set({ 'sandbox.one': '{"label":"first","$encrypted":{"key":{"id":"b"},"data":"x"}}' });
    await client.refresh();
    await labelOf(client);
    expect([one.log.providers.length, settings.unsealCount]).toEqual([1, 2]);
  });
});

describe('a pinned version', () => {
  function pinned(version: number, rows: Readonly<Record<string, string>> = {}) {
    const context = twoProviders(rows, {}, { version });
    context.settings.record(3, { ...TWO_ROWS, 'sandbox.provider_type': 'two' });
    return context;
  }

  test('is read once and never left, whatever is in use', async () => {
    const { client, settings } = pinned(3);
    expect(await labelOf(client)).toBe('second');
    settings.set({ 'sandbox.two': '{"label":"changed"}', 'sandbox.version': '{"number":9}' });
    await client.refresh();
    expect(await labelOf(client)).toBe('second');
    expect((await client.execute({ code: 'p' })).route.configurationVersion).toBe(3);
    expect([settings.versionReadCount, settings.readCount]).toEqual([1, 0]);
  });

  test('that was never recorded is what the store says of it', async () => {
    expect((await failureOf(pinned(4).client.execute({ code: 'p' }))).code).toBe('CONFIG_MISSING');
  });

  test('of settings without versions cannot be had', async () => {
    const memory = new MemorySettings(TWO_ROWS);
    const settings = {
      read: memory.read.bind(memory),
      unseal: memory.unseal.bind(memory),
      close: () => memory.close(),
    };
    const client = createSandboxClient({ settings, providers: [fakeDefinition('one').definition], version: 3 });
    const error = await failureOf(client.execute({ code: 'p' }));
    expect([error.code, error.details]).toEqual(['CAPABILITY_UNSUPPORTED', { field: 'version' }]);
    await client.close();
  });

  test.each([0, -1, 1.5, '3'])('%j is refused when the client is created', async (version) => {
    const error = await failureOf(() => twoProviders({}, {}, { version: version as number }));
    expect([error.code, error.details]).toEqual(['REQUEST_INVALID', { field: 'version' }]);
  });
});

test.each([9, 60_001, 0.5, Number.NaN])(
  'a pause of %d ms between two reads is refused when the client is created',
  async (pollIntervalMs) => {
    const error = await failureOf(() => twoProviders({}, {}, { pollIntervalMs }));
    expect([error.code, error.details]).toEqual(['REQUEST_INVALID', { field: 'pollIntervalMs' }]);
  },
);
