import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCommand } from '@sandport/http-service';
import { createProgram } from '../../src/commands/program.ts';
import { hashToken, SCOPES } from '../../src/index.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandport-tokens-'));
  file = join(folder, 'tokens.json');
});
afterEach(() => rm(folder, { recursive: true }));

async function run(commandLine: readonly string[], environment: Record<string, string> = {}) {
  let stdout = '';
  let stderr = '';
  const exitCode = await runCommand(createProgram, commandLine, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    environment,
    signal: AbortSignal.abort(),
  });
  return { exitCode, stdout, stderr };
}

const create = (id: string, ...more: readonly string[]) => run(['token', 'create', '--file', file, '--id', id, ...more]);

describe('token create', () => {
  test('prints the token once, and keeps its hash only, for this user only', async () => {
    const { exitCode, stdout } = await create('agent');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^spx_[A-Za-z0-9_-]{43}\n$/);
    const kept = await readFile(file, 'utf8');
    expect(kept).toContain(hashToken(stdout.trim()));
    expect(kept).not.toContain(stdout.trim());
    expect(kept).not.toContain(stdout.trim().slice(4));
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['tokens.json']);
  });

  test('gives another one each time, and keeps those that are there', async () => {
    const made = [await create('a'), await create('b', '--tenant', 'house', '--scope', 'read', 'metrics', '--days', '1', '--json')];
    expect(JSON.parse(made[1]?.stdout ?? '')).toMatchObject({ id: 'b', tenant: 'house', scopes: ['read', 'metrics'] });
    const listed = await run(['token', 'list', '--file', file, '--json']);
    expect(JSON.parse(listed.stdout)).toMatchObject([
      { id: 'a', tenant: 'default', scopes: ['execute', 'sandboxes', 'read'] },
      { id: 'b' },
    ]);
    expect(listed.stdout).not.toMatch(/sha256|spx_/);
  });

  test('refuses a name that is taken, and leaves the file as it is', async () => {
    await create('agent');
    const before = await readFile(file, 'utf8');
    expect(await create('agent')).toMatchObject({ exitCode: 3, stdout: '' });
    expect(await readFile(file, 'utf8')).toBe(before);
    expect(await readdir(folder)).toEqual(['tokens.json']);
  });

  test('does not write over a file that it does not understand', async () => {
    await writeFile(file, '{"tokens":');
    expect(await create('agent')).toMatchObject({ exitCode: 3, stdout: '' });
    expect(await readFile(file, 'utf8')).toBe('{"tokens":');
  });

  test.each([
    [['--id', 'no/name'], 3],
    [['--id', ''], 3],
    [['--id', 'a', '--days', '0'], 2],
    [['--id', 'a', '--days', '1.5'], 2],
    [['--id', 'a', '--scope', 'everything'], 2],
    [['--id', 'a', '--max-concurrency', '-1'], 2],
    [['--id', 'a', '--tenant', ''], 3],
    [['--id', 'a', '--unknown'], 2],
    [[], 2],
  ])('refuses %j with the exit code %i', async (more, exitCode) => {
    const ran = await run(['token', 'create', '--file', file, ...more]);
    expect(ran).toMatchObject({ exitCode, stdout: '' });
    expect(ran.stderr).not.toBe('');
    expect(await readdir(folder)).toEqual([]);
  });

  test('needs to be told of the file', async () => {
    expect(await run(['token', 'create', '--id', 'a'])).toMatchObject({ exitCode: 2, stdout: '' });
  });
});

describe('token revoke', () => {
  test('takes one away and leaves the others', async () => {
    await create('a');
    await create('b');
    expect(await run(['token', 'revoke', 'a', '--file', file])).toMatchObject({ exitCode: 0 });
    const { stdout } = await run(['token', 'list', '--file', file]);
    expect(stdout).toBe('b  default  execute,sandboxes,read  until revoked\n');
  });

  test('says that there is none of this name', async () => {
    await create('a');
    expect(await run(['token', 'revoke', 'c', '--file', file])).toMatchObject({ exitCode: 3 });
  });
});

describe('token list', () => {
  test('says that the file cannot be read', async () => {
    expect(await run(['token', 'list', '--file', file])).toMatchObject({ exitCode: 3, stdout: '' });
  });
});

describe('config check', () => {
  const variables = (more: Record<string, string> = {}): Record<string, string> => ({
    SANDPORT_EXECUTOR_PROVIDER_ID: 'wasm',
    SANDPORT_EXECUTOR_TOKENS_FILE: file,
    ...more,
  });

  test('says what would be served', async () => {
    await create('a');
    const { exitCode, stdout } = await run(['config', 'check', '--json'], variables());
    expect([exitCode, JSON.parse(stdout)]).toEqual([
      0,
      { name: 'executor', listen: { host: '127.0.0.1', port: 9385 }, provider: 'wasm', tokens: 1 },
    ]);
  });

  test.each([
    ['a field that is none', { SANDPORT_EXECUTOR_LISTEN_PORT: '99999' }, 'listen.port'],
    ['a value that is no JSON', { SANDPORT_EXECUTOR_LISTEN_PORT: 'many' }, 'SANDPORT_EXECUTOR_LISTEN_PORT'],
    ['a provider that is none', { SANDPORT_EXECUTOR_PROVIDER_ID: 'none' }, 'provider.id'],
    ['a field of the provider that is none', { SANDPORT_EXECUTOR_PROVIDER_CONFIG: '{"unknown":1}' }, 'unknown'],
    [
      'a certificate that cannot be read',
      { SANDPORT_EXECUTOR_TLS_CERT_FILE: '/nowhere', SANDPORT_EXECUTOR_TLS_KEY_FILE: '/nowhere' },
      'tls.certFile',
    ],
    [
      'peers that ask for certificates which an executor does not have',
      {
        SANDPORT_EXECUTOR_TLS_CERT_FILE: '/nowhere',
        SANDPORT_EXECUTOR_TLS_KEY_FILE: '/nowhere',
        SANDPORT_EXECUTOR_TLS_CLIENT_CA_FILE: '/nowhere',
        SANDPORT_EXECUTOR_PEERS: '{"other":"https://10.0.0.2:9385"}',
      },
      'peers',
    ],
    ['tokens that cannot be read', { SANDPORT_EXECUTOR_TOKENS_FILE: '/nowhere/tokens.json' }, 'tokens'],
  ])('refuses %s by its name', async (_name, more, field) => {
    await create('a');
    const { exitCode, stderr } = await run(['config', 'check'], variables(more));
    expect(exitCode).toBe(3);
    expect(stderr).toContain(field);
  });

  test('refuses a file that is not there, and one with an unknown field', async () => {
    const config = join(folder, 'executor.json');
    expect(await run(['config', 'check', '--config', config], variables())).toMatchObject({ exitCode: 3 });
    await writeFile(config, '{"unknown":1}');
    const { exitCode, stderr } = await run(['config', 'check', '--config', config], variables());
    expect([exitCode, stderr.includes('unknown')]).toEqual([3, true]);
  });
});

describe('--help', () => {
  test.each([[[]], [['token']], [['token', 'create']], [['token', 'list']], [['token', 'revoke']], [['config', 'check']], [['serve']]])(
    '%j says how it is called',
    async (command) => {
      const { exitCode, stdout } = await run([...command, '--help']);
      expect([exitCode, stdout.includes('Usage:')]).toEqual([0, true]);
    },
  );

  test('names every scope, and every variable', async () => {
    const { stdout } = await run(['token', 'create', '--help']);
    for (const scope of Object.keys(SCOPES)) expect(stdout).toContain(scope);
    expect((await run(['--help'])).stdout).toContain('SANDPORT_EXECUTOR_LIMITS_HEADER_TIMEOUT_MS');
  });

  test('a command that is none is refused', async () => {
    expect(await run(['nonsense'])).toMatchObject({ exitCode: 2 });
    expect(await run(['token'])).toMatchObject({ exitCode: 2 });
    expect(await run(['--version'])).toMatchObject({ exitCode: 0 });
  });
});
