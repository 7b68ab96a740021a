import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteSettings } from '@sandport/settings';
import { expect, onTestFinished, test } from 'vitest';
import { openSandboxRoutes } from '../../src/index.ts';
import { ANNA, BEN } from './sandbox-under-test.ts';
import { Journal, scriptedProvider } from './scripted-provider.ts';

test('open routes hold the process to its rules, and leave nothing behind when they are closed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandport-admin-'));
  const server = createServer((_request, response) => response.end('here')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const journal = new Journal();
  const providers = [scriptedProvider(journal)];
  const settings = openSqliteSettings({ path: join(folder, 'settings.sqlite'), providers, environment: {} });
  onTestFinished(async () => {
    await settings.close();
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });
  const change = { providerType: 'scripted', providers: { scripted: { config: {} } } };
  await settings.configurations.change(change, { author: BEN.name, reason: 'for a test', base: null });
  {
    await using routes = openSandboxRoutes({ settings, providers, connections: { allowedPrivateNetworks: ['10.0.0.0/8'] } });
    await expect(fetch(url)).rejects.toMatchObject({ cause: { code: 'POLICY_VIOLATED' } });
    const configuration = { providerId: 'scripted', version: null };
    const { signal } = new AbortController();
    const call = { params: {}, query: undefined, body: { code: 'x', configuration }, caller: ANNA, signal };
    await routes.handlers.executeProgram(call, () => Promise.resolve());
    expect(journal.count('close')).toBe(0);
  }
  expect([journal.count('make'), journal.count('close')]).toEqual([1, 1]);
  expect(await (await fetch(url, { headers: { connection: 'close' } })).text()).toBe('here');
});

test('a network that is none is named before anything is held to it', () => {
  const options = { settings: undefined as never, providers: [], connections: { allowedPrivateNetworks: ['ten'] } };
  expect(() => openSandboxRoutes(options)).toThrow('allowedPrivateNetworks.0: is no network in CIDR notation.');
});
