import { join } from 'node:path';
import { openSqliteDatabase } from '@sandport/settings';
import { describe, expect, test } from 'vitest';
import { providers } from '@sandport/providers';
import { fakeDefinition } from './fake-definition.mjs';
import { fakeTrial } from './fake-trial.mjs';
import { createRagflow } from './played-ragflow.ts';
import { createHome, documentOf, type Setup } from './run-in-process.ts';
import { everythingStored, storedRows } from './stored-rows.ts';

const SECRET = 'planted-secret-of-ragflow';

const INSTALLATION = {
  'sandbox.provider_type': 'e2b',
  'sandbox.self_managed': '{"endpoint": "http://executor:9385", "timeout": 30, "pool_size": 10}',
  'sandbox.e2b': `{"api_key": "${SECRET}", "region": "eu", "timeout": 60}`,
  'sandbox.local': '{}',
  'mail.server': 'not about sandboxes',
};

async function createHomes(rows: Readonly<Record<string, string>> = INSTALLATION, setup: Setup = {}) {
  const home = createHome(setup);
  const ragflow = join(home.homeFolder, 'ragflow.sqlite');
  await createRagflow(ragflow, rows);
  return { home, ragflow };
}

describe('migrate ragflow', () => {
  test('stores what can be carried as one version, secrets sealed, and says what was left behind and why', async () => {
    const { home, ragflow } = await createHomes();
    await home.run(['secrets', 'create-key']);
    const { exitCode, stdout, stderr } = await home.run(['migrate', 'ragflow', '--from', ragflow]);
    expect(exitCode).toBe(0);
    expect(stdout.replaceAll(/ +/g, ' ')).toBe(
      [
        `from ${ragflow}`,
        '',
        'carried',
        ' sandbox.self_managed endpoint, timeoutMs this command has no such provider, so it was not checked',
        ' sandbox.e2b apiKey (sealed), timeoutMs this command has no such provider, so it was not checked',
        '',
        'left behind',
        ' sandbox.self_managed pool_size describes how the executor was installed, and is read from nowhere Set it where the executor is started.',
        ' sandbox.e2b region was read by nothing, and E2B itself has no regions Choose a service that has some with: sandport configure e2b',
        ' sandbox.local (row) runs programs on the server itself, without isolation Choose "wasm", which needs nothing to be installed either: sandport config use wasm',
        '',
        'Stored as version 1.',
        '',
      ].join('\n'),
    );
    expect(stderr).toBe('No provider was chosen: RAGFlow uses "e2b", which this command does not carry.\n');
    const rows = await storedRows(home.settingsPath);
    expect(JSON.parse(rows['sandbox.e2b'] ?? '')).toMatchObject({ timeoutMs: 60_000, $encrypted: { fields: ['apiKey'] } });
    expect(JSON.parse(rows['sandbox.self_managed'] ?? '')).toEqual({ endpoint: 'http://executor:9385', timeoutMs: 30_000 });
    expect(rows).not.toHaveProperty('sandbox.provider_type');
    expect(documentOf(await home.run(['config', 'history', '--json']))['versions']).toMatchObject([
      { number: 1, reason: 'moved from RAGFlow' },
    ]);
    expect((await everythingStored(home.settingsPath)) + stdout + stderr).not.toContain(SECRET);
  });

  test('tries and chooses the provider that RAGFlow uses, when it is carried', async () => {
    const { home, ragflow } = await createHomes(
      { 'sandbox.self_managed': '{"timeout": 30}' },
      { providers: [fakeDefinition({ id: 'self_managed' })] },
    );
    const refused = await home.run(['migrate', 'ragflow', '--from', ragflow]);
    // Its schema knows no "timeoutMs".
    expect([refused.exitCode, refused.stderr]).toEqual([3, expect.stringContaining('sandbox.self_managed')]);
    const other = await createHomes(
      { 'sandbox.provider_type': 'self_managed', 'sandbox.self_managed': '{"pool_size": 3}' },
      { providers: [fakeDefinition({ id: 'self_managed' })] },
    );
    const chosen = await other.home.run(['migrate', 'ragflow', '--json'], { environment: { SANDPORT_RAGFLOW_DATABASE: other.ragflow } });
    expect([chosen.exitCode, chosen.stderr]).toEqual([0, '']);
    expect(documentOf(chosen)).toMatchObject({ version: 1, chosen: 'self_managed', notChosen: null });
    expect(await storedRows(other.home.settingsPath)).toMatchObject({
      'sandbox.provider_type': 'self_managed',
      'sandbox.self_managed': '{}',
    });
  });

  test('carries E2B, whose key and time our provider takes as they are, and chooses it', async () => {
    const { home, ragflow } = await createHomes(INSTALLATION, { providers });
    await home.run(['secrets', 'create-key']);
    const moved = await home.run(['migrate', 'ragflow', '--from', ragflow, '--json']);
    expect([moved.exitCode, moved.stderr]).toEqual([0, '']);
    expect(documentOf(moved)).toMatchObject({
      chosen: 'e2b',
      notChosen: null,
      carried: [
        { providerId: 'self_managed', fields: ['endpoint', 'timeoutMs'], secretFields: [], isCarried: true },
        { providerId: 'e2b', fields: ['apiKey', 'timeoutMs'], secretFields: ['apiKey'], isCarried: true },
      ],
    });
    expect((await storedRows(home.settingsPath))['sandbox.provider_type']).toBe('e2b');
  });

  test("carries RAGFlow's own executor, whose address and time our provider takes as they are", async () => {
    const row = '{"endpoint": "http://sandbox-executor-manager:9385", "timeout": "45", "max_retries": 3, "pool_size": 10}';
    const { home, ragflow } = await createHomes({ 'sandbox.self_managed': row }, { providers });
    const moved = await home.run(['migrate', 'ragflow', '--from', ragflow, '--json']);
    expect([moved.exitCode, moved.stderr]).toEqual([0, '']);
    expect(documentOf(moved)).toMatchObject({ chosen: 'self_managed', carried: [{ providerId: 'self_managed', isCarried: true }] });
    const stored = (await storedRows(home.settingsPath))['sandbox.self_managed'] ?? '';
    expect(JSON.parse(stored)).toEqual({ endpoint: 'http://sandbox-executor-manager:9385', timeoutMs: 45_000 });
  });

  test('keeps what it stored when the trial of the provider fails, and says that it was not chosen', async () => {
    const { home, ragflow } = await createHomes(
      { 'sandbox.self_managed': '{"pool_size": 3}' },
      { providers: [fakeDefinition({ id: 'self_managed' })] },
    );
    const { exitCode, stderr } = await home.run(['migrate', 'ragflow', '--from', ragflow], {
      prepareProvider: async (options) => ({ ...(await fakeTrial(options)), passed: false, problem: 'The executor is away.' }),
    });
    expect([exitCode, stderr]).toEqual([
      0,
      expect.stringMatching(/No provider was chosen: .*The executor is away\..*sandport config activate 2/),
    ]);
    const rows = await storedRows(home.settingsPath);
    expect([rows['sandbox.self_managed'], rows['sandbox.provider_type']]).toEqual(['{}', undefined]);
  });

  test('--dry-run says the same and stores nothing', async () => {
    const { home, ragflow } = await createHomes();
    const dry = await home.run(['migrate', 'ragflow', '--from-env', 'OTHER', '--dry-run', '--json'], { environment: { OTHER: ragflow } });
    expect(documentOf(dry)).toMatchObject({
      dryRun: true,
      version: null,
      from: ragflow,
      providerType: 'e2b',
      carried: [
        { providerId: 'self_managed', fields: ['endpoint', 'timeoutMs'], secretFields: [], isCarried: false, replaces: false },
        { providerId: 'e2b', fields: ['apiKey', 'timeoutMs'], secretFields: ['apiKey'] },
      ],
    });
    expect((await home.run(['migrate', 'ragflow', '--from', ragflow, '--dry-run'])).stdout).toContain('Nothing was stored.');
    expect((await home.run(['config', 'get'])).exitCode).toBe(3);
  });

  test('stores nothing without a master key for the secrets, and shows none', async () => {
    const { home, ragflow } = await createHomes();
    const { exitCode, stdout, stderr } = await home.run(['migrate', 'ragflow', '--from', ragflow, '--debug']);
    expect([exitCode, stdout, stderr]).toEqual([3, '', expect.stringContaining('no master key')]);
    expect(stderr).not.toContain(SECRET);
    expect(await storedRows(home.settingsPath)).toEqual({});
  });

  test('leaves the database of RAGFlow as it is', async () => {
    const { home, ragflow } = await createHomes();
    await home.run(['secrets', 'create-key']);
    await home.run(['migrate', 'ragflow', '--from', ragflow]);
    const database = openSqliteDatabase({ path: ragflow, create: false });
    const names = await database.read({ operation: 'test', anySchema: true }, async (tables) => {
      const rows = await tables.selectFrom('system_settings').selectAll().execute();
      const introspected = await tables.introspection.getTables();
      return [rows.length, introspected.map(({ name }) => name)];
    });
    await database.close();
    expect(names).toEqual([Object.keys(INSTALLATION).length, ['system_settings']]);
  });

  test('a second time replaces what is stored, as a version of its own', async () => {
    const { home, ragflow } = await createHomes();
    await home.run(['secrets', 'create-key']);
    await home.run(['migrate', 'ragflow', '--from', ragflow]);
    const { stdout } = await home.run(['migrate', 'ragflow', '--from', ragflow]);
    expect(stdout).toContain('replaces what is stored');
    expect(stdout).toContain('Stored as version 2.');
  });
});

describe('a database that is not RAGFlow’s', () => {
  test.each([
    ['is not named', [], 'SANDPORT_RAGFLOW_DATABASE'],
    ['is named twice', ['--from', 'x', '--from-env', 'Y'], 'only one of them'],
    ['is named by a variable that is not set', ['--from-env', 'ABSENT'], 'ABSENT is not set'],
    ['does not exist', ['--from', '/absent/ragflow.sqlite'], 'There is no settings database at "/absent/ragflow.sqlite"'],
  ])('that %s ends with 2', async (_, words, message) => {
    const { exitCode, stderr } = await createHome().run(['migrate', 'ragflow', ...words]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  test('that has no such table or no such row is said to be another one', async () => {
    const { home, ragflow } = await createHomes({ 'mail.server': 'x' });
    const empty = await home.run(['migrate', 'ragflow', '--from', ragflow]);
    expect([empty.exitCode, empty.stderr]).toEqual([3, expect.stringContaining('no row about sandboxes')]);
    const path = join(home.homeFolder, 'bare.sqlite');
    await openSqliteDatabase({ path }).read({ operation: 'test', anySchema: true }, (tables) => tables.introspection.getTables());
    const bare = await home.run(['migrate', 'ragflow', '--from', path]);
    expect([bare.exitCode, bare.stderr]).toEqual([3, expect.stringContaining('no table "system_settings"')]);
  });

  test('that holds these very settings is refused', async () => {
    const home = createHome();
    await home.run(['config', 'use', 'fake']);
    const { exitCode, stderr } = await home.run(['migrate', 'ragflow', '--from', home.settingsPath]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('--settings')]);
  });
});
