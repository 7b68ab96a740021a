import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { CliContext } from '../src/index.ts';
import { createTerminal } from './answering-terminal.ts';
import { createCarryingHome } from './carrying-home.ts';
import { API_KEY, configure, setProgramNetwork, startFake, variablesOf } from './fake-e2b-account.ts';
import { fakeTrial } from './fake-trial.mjs';
import { createHome, documentOf } from './run-in-process.ts';
import { everythingStored, storedRows } from './stored-rows.ts';

const FROM_ENV = ['configure', 'e2b', '--from-env'];

/** The stored configuration, as it stands in its row. */
async function storedConfig(path: string): Promise<Readonly<Record<string, unknown>>> {
  const config: unknown = JSON.parse((await storedRows(path))['sandbox.e2b'] ?? 'null');
  if (typeof config !== 'object' || config === null) throw new Error('nothing is stored');
  return { ...config };
}

describe('configure e2b --from-env', () => {
  test('tests the connection, seals the key, keeps other fields, and leaves the provider in use as it is', async () => {
    const fake = await startFake();
    const home = await createCarryingHome({ environment: { NO_COLOR: '1', ...variablesOf(fake) } });
    await setProgramNetwork(home);
    await home.run(['config', 'set', 'e2b', 'maxSandboxes=3', 'domain=old.example.com', 'debug=true']);
    const { exitCode, stdout, stderr } = await home.run([...FROM_ENV, '--debug']);
    expect([exitCode, stdout]).toEqual([0, 'Stored the connection of "e2b".\n']);
    expect(stderr).toContain('Testing the connection');
    expect(stderr).toMatch(/protocol +The service makes sandboxes in dialect v2; programs go in by commands\./);
    expect(stderr).toContain('sandport config use e2b');
    const { $encrypted: sealed, programNetwork: _, ...config } = await storedConfig(home.settingsPath);
    expect(config).toEqual({ service: 'custom', apiUrl: fake.url, sandboxUrl: fake.url, template: 'base', maxSandboxes: 3 });
    expect(sealed).toMatchObject({ fields: ['apiKey'] });
    expect(stdout + stderr + (await everythingStored(home.settingsPath))).not.toContain(API_KEY);
    expect(await storedRows(home.settingsPath)).not.toHaveProperty('sandbox.provider_type');
    expect(fake.sandboxes()).toEqual([]);
  });

  test('chooses the provider with --use, after its trial, in one version', async () => {
    const fake = await startFake();
    const tried: unknown[] = [];
    const prepareProvider: CliContext['prepareProvider'] = (options) => {
      tried.push(options.config['apiKey']);
      return fakeTrial(options);
    };
    const home = await createCarryingHome({ environment: variablesOf(fake), prepareProvider });
    await setProgramNetwork(home);
    const outcome = await home.run([...FROM_ENV, '--template', 'code-interpreter-v1', '--use', '--json']);
    expect([outcome.exitCode, outcome.stderr, tried]).toEqual([0, '', [API_KEY]]);
    expect(documentOf(outcome)).toMatchObject({
      state: 'active',
      passports: [{ passed: true }],
    });
    expect(documentOf(outcome)).toHaveProperty('connection.status');
    expect(outcome.stdout).not.toContain(API_KEY);
    const rows = await storedRows(home.settingsPath);
    expect([rows['sandbox.provider_type'], rows['sandbox.e2b']]).toEqual(['e2b', expect.stringContaining('"code-interpreter-v1"')]);
  });

  test('with a wrong key ends with 3, and stores nothing', async () => {
    const fake = await startFake();
    const wrong = 'e2b_wrong-key-do-not-show';
    const home = await createCarryingHome({ environment: { ...variablesOf(fake), E2B_API_KEY: wrong } });
    for (const words of [[], ['--json'], ['--debug']]) {
      const { exitCode, stdout, stderr } = await home.run([...FROM_ENV, ...words]);
      expect([exitCode, stdout + stderr]).toEqual([3, expect.stringContaining('The service does not know this key.')]);
      expect(stdout + stderr).not.toContain(wrong);
    }
    expect(existsSync(home.settingsPath)).toBe(false);
  });

  test.each([
    ['the key', { E2B_API_KEY: ' ' }, [], 'apiKey: is missing', 'E2B_API_KEY'],
    ['a service that exists', {}, ['--service', 'nobody'], 'service: is none of e2b, aliyun-fc', '--service'],
    ['the region of a service', {}, ['--service', 'aliyun-fc'], 'region: is missing', '--region'],
    ['a region', {}, ['--service', 'aliyun-fc', '--region', 'Hangzhou!'], 'region: is not the id of a region', '--region'],
    ['an address', { E2B_API_URL: 'ftp://x' }, [], 'apiUrl: must be an address', '--api-url or E2B_API_URL'],
    ['both addresses', { E2B_SANDBOX_URL: '' }, ['--service', 'custom'], 'sandboxUrl: is missing', 'E2B_SANDBOX_URL'],
  ])('without %s names the field before anything is sent', async (_, changes, words, message, advice) => {
    const fake = await startFake();
    const home = await createCarryingHome({ environment: { ...variablesOf(fake), ...changes } });
    const { exitCode, stderr } = await home.run([...FROM_ENV, ...words]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(stderr).toContain(advice);
    expect(fake.requests).toEqual([]);
    expect(existsSync(home.settingsPath)).toBe(false);
  });

  test('without a master key says so before anything is asked or sent', async () => {
    const fake = await startFake();
    const { providers } = await import('@sandport/providers');
    const home = createHome({ providers, environment: variablesOf(fake) });
    const { exitCode, stderr } = await home.run(FROM_ENV);
    expect([exitCode, stderr, fake.requests]).toEqual([3, expect.stringContaining('The API key cannot be stored'), []]);
  });
});

describe('configure e2b at a terminal', () => {
  test('asks for the addresses of a service of its own, and shows no key', async () => {
    const fake = await startFake();
    const home = await createCarryingHome();
    await setProgramNetwork(home);
    const terminal = createTerminal({
      service: ['somebody', 'custom'],
      domain: ['-'],
      apiUrl: [fake.url],
      sandboxUrl: [fake.url],
      apiKey: [API_KEY],
      template: ['code-interpreter-v1'],
    });
    const { exitCode, stdout } = await home.run(['configure', 'e2b'], terminal);
    expect([exitCode, stdout, terminal.shown()]).toEqual([0, 'Stored the connection of "e2b".\n', expect.not.stringContaining(API_KEY)]);
    expect(terminal.asked).toEqual(['service', 'service', 'domain', 'apiUrl', 'sandboxUrl', 'accessToken', 'apiKey', 'template']);
    expect(terminal.shown()).toContain('! service: is none of e2b, aliyun-fc, ');
    expect(terminal.shown()).toContain('template [base]: ');
    expect(await storedConfig(home.settingsPath)).toMatchObject({ service: 'custom', template: 'code-interpreter-v1' });
  });

  test('asks of a known service for its region and the key only, and not for what an option gave', async () => {
    const home = await createCarryingHome();
    const terminal = createTerminal({ region: ['Guangzhou', 'ap-guangzhou'], apiKey: ['half\u0003'] });
    const { exitCode } = await home.run(['configure', 'e2b', '--service', 'tencent-ags', '--template', 'mine'], terminal);
    expect([exitCode, terminal.asked]).toEqual([130, ['region', 'region', 'apiKey']]);
    expect(existsSync(home.settingsPath)).toBe(false);
  });

  test('offers what is stored of the same service, and nothing of it to another', async () => {
    const fake = await startFake();
    const home = await createCarryingHome();
    await configure(home, fake);
    await home.run(['config', 'set', 'e2b', 'template=code-interpreter-v1']);
    const same = createTerminal({ apiKey: [API_KEY] });
    expect((await home.run(['configure', 'e2b'], same)).exitCode).toBe(0);
    expect(same.shown()).toContain('service [custom]: ');
    expect(same.shown()).toContain(`apiUrl [${fake.url}]: `);
    expect(same.shown()).toContain('template [code-interpreter-v1]: ');
    const other = createTerminal({ service: ['e2b'], apiKey: ['x'], template: ['half\u0003'] });
    expect((await home.run(['configure', 'e2b'], other)).exitCode).toBe(130);
    expect(other.asked).toEqual(['service', 'apiKey', 'template']);
    expect(other.shown().split('template [code-interpreter-v1]: ')).toHaveLength(2);
  });

  test('takes no key from the command line, and ends with 2 where there is no terminal', async () => {
    const home = await createCarryingHome();
    expect(await home.run(['configure', 'e2b', '--api-key', API_KEY])).toMatchObject({ exitCode: 2, stdout: '' });
    const { exitCode, stderr } = await home.run(['configure', 'e2b']);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('--from-env')]);
  });
});
