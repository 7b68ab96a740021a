import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configFields, defineProvider, SandboxError } from '@sandport/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { generateMasterKey, KeyRing, openSqliteSettings, type ConfigurationChange } from '../../src/index.ts';

const SECRET = 'planted-secret-4711';

/** A provider with one plain field. */
function providerNamed(id: string) {
  return defineProvider({
    id,
    displayName: id,
    description: 'For a test.',
    tags: [],
    languages: ['python'],
    configSchema: z.strictObject({ size: z.int().max(9).default(1).register(configFields, { label: 'Size', help: 'Of nothing.' }) }),
    create: () => {
      throw new Error('no test makes it');
    },
  });
}

function createSettings() {
  const folder = mkdtempSync(join(tmpdir(), 'sandport-settings-'));
  const settings = openSqliteSettings({
    path: join(folder, 'settings.sqlite'),
    providers: [providerNamed('first'), providerNamed('second')],
    environment: {},
    keyRing: KeyRing.of([{ key: generateMasterKey() }]),
  });
  onTestFinished(async () => {
    await settings.close();
    rmSync(folder, { recursive: true });
  });
  const change = async (wanted: ConfigurationChange) => {
    const { version } = await settings.configurations.active();
    return settings.configurations.change(wanted, { author: 'tester', reason: 'test', base: version });
  };
  return { settings, change };
}

async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  const [outcome] = await Promise.allSettled([promise]);
  const reason: unknown = outcome.status === 'rejected' ? outcome.reason : undefined;
  return SandboxError.isInstance(reason) ? reason.code : reason;
}

describe('a provider that is not carried', () => {
  test('is stored with its secrets sealed when the caller says which fields they are', async () => {
    const { settings, change } = createSettings();
    await change({ providers: { elsewhere: { config: { apiKey: SECRET, timeoutMs: 30_000 }, secretFields: ['apiKey'] } } });
    const text = (await settings.read(['sandbox.elsewhere'])).get('sandbox.elsewhere')?.value ?? '';
    expect(text).not.toContain(SECRET);
    const stored = JSON.parse(text) as Record<string, never>;
    expect(stored).toMatchObject({ timeoutMs: 30_000, $encrypted: { fields: ['apiKey'] } });
    expect(await settings.unseal('sandbox.elsewhere', stored)).toEqual({ apiKey: SECRET, timeoutMs: 30_000 });
    expect((await settings.configurations.active()).providers).toEqual([
      { id: 'elsewhere', isKnown: false, fields: {}, secrets: { apiKey: 'sealed' }, problem: null },
    ]);
  });

  test('keeps its sealed secrets by name', async () => {
    const { settings, change } = createSettings();
    await change({ providers: { elsewhere: { config: { apiKey: SECRET }, secretFields: ['apiKey'] } } });
    await change({ providers: { elsewhere: { config: { timeoutMs: 1 }, keep: ['apiKey'], secretFields: ['apiKey'] } } });
    const stored = JSON.parse((await settings.read(['sandbox.elsewhere'])).get('sandbox.elsewhere')?.value ?? '') as Record<string, never>;
    expect(await settings.unseal('sandbox.elsewhere', stored)).toEqual({ apiKey: SECRET, timeoutMs: 1 });
    expect(await codeOf(change({ providers: { elsewhere: { config: {}, keep: ['apiKey'], secretFields: [] } } }))).toBe('REQUEST_INVALID');
  });

  test('is a slip in an id when nobody says so, and is never chosen', async () => {
    const { change } = createSettings();
    expect(await codeOf(change({ providers: { frist: { config: {} } } }))).toBe('PROVIDER_UNKNOWN');
    await change({ providers: { elsewhere: { config: {}, secretFields: [] } } });
    expect(await codeOf(change({ providerType: 'elsewhere' }))).toBe('PROVIDER_UNKNOWN');
  });

  test('is told apart from one that is carried, whose schema decides', async () => {
    const { change } = createSettings();
    expect(await codeOf(change({ providers: { first: { config: { size: 2 }, secretFields: ['size'] } } }))).toBe('REQUEST_INVALID');
  });
});

describe('a provider whose row is broken', () => {
  test.each(['{broken', '{"size": 99}', '[]'])(
    '%s is neither chosen nor a fall-back, and keeps nobody from changing others',
    async (value) => {
      const { settings, change } = createSettings();
      await change({ providerType: 'first', providers: { first: { config: {} } } });
      await settings.write([{ name: 'sandbox.second', source: 'test', dataType: 'json', value }]);
      await settings.configurations.recordForeignChanges();
      expect(await codeOf(change({ providerType: 'second' }))).toBe('CONFIG_INVALID');
      expect(await codeOf(change({ fallback: ['second'] }))).toBe('CONFIG_INVALID');
      await change({ providers: { first: { config: { size: 2 } } } });
      await change({ providerType: 'second', providers: { second: { config: {} } } });
      expect((await settings.configurations.active()).providerType).toBe('second');
    },
  );
});
