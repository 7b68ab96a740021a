import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '@sandport/http-service';
import { expect, onTestFinished, test } from 'vitest';
import { createProgram } from '../../src/commands/program.ts';
import type { SandboxRoutesOpener } from '../../src/commands/serve.ts';
import { standInHandlers } from '../server/stand-in-handlers.ts';

interface Ran {
  readonly exitCode: Promise<number>;
  readonly stop: () => void;
  readonly out: () => string;
  readonly err: () => string;
}

function run(
  commandLine: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  openRoutes: SandboxRoutesOpener = standIn(),
): Ran {
  const stop = new AbortController();
  let out = '';
  let err = '';
  const context = {
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (err += text) },
    environment: { SANDPORT_ADMIN_LOG_LEVEL: 'silent', ...environment },
    signal: stop.signal,
  };
  const exitCode = runCommand((given) => createProgram(given, openRoutes), commandLine, context);
  return { exitCode, stop: () => stop.abort(), out: () => out, err: () => err };
}

function standIn(onClosed: () => void = () => undefined): SandboxRoutesOpener {
  return () => ({ handlers: standInHandlers(), [Symbol.asyncDispose]: async () => onClosed() });
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'sandport-admin-command-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

test('the help shows examples and every variable', async () => {
  const ran = run(['--help']);
  expect(await ran.exitCode).toBe(0);
  expect(ran.out()).toContain('$ sandport-admin check-config');
  expect(ran.out()).toContain('SANDPORT_ADMIN_SESSIONS_IDLE_MS');
  const serve = run(['serve', '--help']);
  expect(await serve.exitCode).toBe(0);
  expect(serve.out()).toContain('--listen <address:port>');
});

test('it serves, prints the address and the way in, and ends when it is told', async () => {
  let isClosed = false;
  const path = join(await folder(), 'settings.sqlite');
  const ran = run(
    ['--settings', path, '--listen', '127.0.0.1:0'],
    {},
    standIn(() => (isClosed = true)),
  );
  await expect.poll(ran.out, { timeout: 10_000 }).toContain('#');
  const [, address = ''] = /page of Sandport: (http:\/\/127\.0\.0\.1:\d+)\/admin\/sandbox-settings\n/.exec(ran.out()) ?? [];
  expect(ran.out()).toMatch(/\n {2}http:\/\/127\.0\.0\.1:\d+\/admin\/first-account#[\w-]{43}\n/);
  expect((await fetch(`${address}/api/v1/admin/session`)).status).toBe(200);
  ran.stop();
  expect(await ran.exitCode).toBe(0);
  expect(isClosed).toBe(true);
  await expect(fetch(`${address}/api/v1/admin/session`)).rejects.toThrow('fetch failed');
});

test.each(['127.0.0.1', ':7420', '127.0.0.1:99999', 'http://127.0.0.1:1', '::1:7420'])('no server listens on "%s"', async (listen) => {
  const ran = run(['--listen', listen]);
  expect([await ran.exitCode, ran.err()]).toEqual([2, expect.stringContaining('127.0.0.1:7420')]);
});

test('a password on the command line is refused', async () => {
  const ran = run(['check-config', '--settings', 'postgres://me:planted@db/sandport']);
  expect(await ran.exitCode).toBe(3);
  expect(ran.err()).toContain('password');
  expect(ran.err()).not.toContain('planted');
});

test('a configuration is checked with the files that it names', async () => {
  const file = join(await folder(), 'admin.json');
  const check = async (config: object): Promise<readonly [number, string]> => {
    await writeFile(file, JSON.stringify(config));
    const ran = run(['check-config', '--config', file, '--json'], { SANDPORT_SETTINGS: 'postgres://me:planted@db/sandport' });
    const exitCode = await ran.exitCode;
    return [exitCode, ran.out() + ran.err()];
  };
  const [exitCode, said] = await check({ listen: { host: '0.0.0.0' } });
  expect([exitCode, JSON.parse(said)]).toMatchObject([0, { listen: { host: '0.0.0.0', port: 7420 }, settings: { kind: 'postgres' } }]);
  expect(said).not.toContain('planted');
  const openId = { issuer: 'https://id.example', clientId: 'x', clientSecretFile: '/nowhere', roles: { admin: ['a'] } };
  for (const [config, field] of [
    [{ openId }, 'openId.clientSecretFile'],
    [{ openId: { ...openId, issuer: 'http://id.example' } }, 'openId.issuer'],
    [{ openId: { ...openId, roles: {} } }, 'openId.roles'],
    [{ tls: { certFile: '/nowhere', keyFile: '/nowhere' } }, 'tls.certFile'],
    [{ tls: { certFile: 'a', keyFile: 'b' }, publicUrl: 'http://a.example' }, 'publicUrl'],
    [{ publicUrl: 'https://a.example/below' }, 'publicUrl'],
    [{ trustedProxies: ['everybody'] }, 'trustedProxies.0'],
    [{ allowedPrivateNetworks: ['10.0.0.0/33'] }, 'allowedPrivateNetworks.0'],
    [{ planted: 1 }, 'planted'],
  ] as const) {
    const [code, text] = await check(config);
    expect([code, text], field).toEqual([3, expect.stringContaining(`error: ${field}: `)]);
  }
});
