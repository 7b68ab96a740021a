import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { CliContext } from '../src/index.ts';
import { createTerminal } from './answering-terminal.ts';
import { createCarryingHome } from './carrying-home.ts';
import { configure, KEY_SECRET, startFake, variablesOf } from './fake-account.ts';
import { fakeTrial } from './fake-trial.mjs';
import { createHome, documentOf } from './run-in-process.ts';
import { everythingStored, storedRows } from './stored-rows.ts';

const ID = 'aliyun_codeinterpreter';
const ROW = `sandbox.${ID}`;
const FROM_ENV = ['configure', 'aliyun', '--from-env'];

/** The stored configuration, as it stands in its row. */
async function storedConfig(path: string): Promise<Readonly<Record<string, unknown>>> {
  const config: unknown = JSON.parse((await storedRows(path))[ROW] ?? 'null');
  if (typeof config !== 'object' || config === null) throw new Error('nothing is stored');
  return { ...config };
}

describe('configure aliyun --from-env', () => {
  test('tests the connection, seals the secret, and leaves the provider in use as it is', async () => {
    const fake = await startFake();
    const home = await createCarryingHome({ environment: { NO_COLOR: '1', ...variablesOf(fake) } });
    const { exitCode, stdout, stderr } = await home.run([...FROM_ENV, '--debug']);
    expect([exitCode, stdout]).toEqual([0, `Stored the connection of "${ID}".\n`]);
    expect(stderr).toContain('Testing the connection');
    expect(stderr).toContain(`sandport config use ${ID}`);
    const { $encrypted: sealed, ...config } = await storedConfig(home.settingsPath);
    expect(config).toEqual({
      accessKeyId: fake.account.accessKeyId,
      accountId: fake.account.accountId,
      region: fake.region,
      templateName: 'sandport-code-interpreter',
      controlEndpoint: fake.url,
      dataEndpoint: fake.url,
    });
    expect(sealed).toMatchObject({ fields: ['accessKeySecret'] });
    expect(stdout + stderr + (await everythingStored(home.settingsPath))).not.toContain(KEY_SECRET);
    expect(await storedRows(home.settingsPath)).not.toHaveProperty('sandbox.provider_type');
    expect(fake.sandboxes()).toEqual([]);
  });

  test('chooses the provider with --use, after its trial, in one version', async () => {
    const fake = await startFake();
    const tried: unknown[] = [];
    const prepareProvider: CliContext['prepareProvider'] = (options) => {
      tried.push(options.config['accessKeySecret']);
      return fakeTrial(options);
    };
    const home = await createCarryingHome({ environment: variablesOf(fake), prepareProvider });
    const outcome = await home.run([...FROM_ENV, '--use', '--json', '--author', 'alice']);
    expect([outcome.exitCode, outcome.stderr, tried]).toEqual([0, '', [KEY_SECRET]]);
    expect(documentOf(outcome)).toMatchObject({
      version: 1,
      state: 'active',
      passports: [{ passed: true }],
      connection: { status: 'healthy' },
    });
    expect(outcome.stdout).not.toContain(KEY_SECRET);
    expect((await storedRows(home.settingsPath))['sandbox.provider_type']).toBe(ID);
    const history = await home.run(['config', 'history', '--json']);
    expect(history.stdout).toContain('"alice"');
    expect(history.stdout).toContain(`configure ${ID} and use it`);
  });

  test('with a wrong secret ends with 3, and stores nothing', async () => {
    const fake = await startFake();
    const wrong = 'wrong-secret-4711-do-not-show';
    const home = await createCarryingHome({ environment: { ...variablesOf(fake), AGENTRUN_ACCESS_KEY_SECRET: wrong } });
    for (const words of [[], ['--json'], ['--debug']]) {
      const { exitCode, stdout, stderr } = await home.run([...FROM_ENV, ...words]);
      expect([exitCode, stdout + stderr]).toEqual([3, expect.stringContaining('the secret does not belong to the access key')]);
      expect(stdout + stderr).not.toContain(wrong);
    }
    expect(existsSync(home.settingsPath)).toBe(false);
  });

  test('keeps other fields, and nothing of the former connection', async () => {
    const fake = await startFake();
    const home = await createCarryingHome({ environment: variablesOf(fake) });
    const set = ['config', 'set', ID, 'maxSandboxes=3', 'accessKeyId=old', 'region=cn-beijing', 'credentialSource=default-chain'];
    await home.run([
      ...set,
      '--secret-file',
      `accessKeySecret=${home.file('key', 'x')}`,
      '--secret-file',
      `securityToken=${home.file('token', 'y')}`,
    ]);
    await configure(home, fake);
    const config = await storedConfig(home.settingsPath);
    expect(config).toMatchObject({ maxSandboxes: 3, region: fake.region, $encrypted: { fields: ['accessKeySecret'] } });
    expect(config).not.toHaveProperty('credentialSource');
  });

  test.each([
    ['the secret', { AGENTRUN_ACCESS_KEY_SECRET: ' ' }, 'accessKeySecret: is missing', 'ALIBABA_CLOUD_ACCESS_KEY_SECRET'],
    ['key and account', { AGENTRUN_ACCESS_KEY_ID: '', AGENTRUN_ACCOUNT_ID: '' }, 'accessKeyId, accountId: are missing', 'FC_ACCOUNT_ID'],
    ['digits', { AGENTRUN_ACCOUNT_ID: 'me' }, 'accountId: must be digits', 'AGENTRUN_ACCOUNT_ID'],
    ['a region', { AGENTRUN_REGION: 'Hangzhou!' }, 'region: is not the id of a region', 'FC_REGION'],
    ['an address', { AGENTRUN_CONTROL_ENDPOINT: 'http://' }, 'controlEndpoint: must be a host', 'AGENTRUN_CONTROL_ENDPOINT'],
    ['a name', { AGENTRUN_TEMPLATE_NAME: 'a b' }, 'templateName: is not a name of a template', 'AGENTRUN_TEMPLATE_NAME'],
    [
      'an official region',
      { AGENTRUN_REGION: 'xx-nowhere', AGENTRUN_DATA_ENDPOINT: '' },
      'region: is none that AgentRun is known to have',
      'AGENTRUN_REGION',
    ],
  ])('without %s names the field before anything is sent', async (_, changes, message, advice) => {
    const fake = await startFake();
    const home = await createCarryingHome({ environment: { ...variablesOf(fake), ...changes } });
    const { exitCode, stderr } = await home.run(FROM_ENV);
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
    expect([exitCode, stderr, fake.requests]).toEqual([3, expect.stringContaining('sandport secrets create-key'), []]);
  });
});

describe('configure aliyun at a terminal', () => {
  test('asks for each field, takes defaults by the return key, and shows no secret', async () => {
    const fake = await startFake();
    const home = await createCarryingHome();
    const { accountId, accessKeyId } = fake.account;
    const terminal = createTerminal({
      accessKeyId: [accessKeyId],
      accessKeySecret: [KEY_SECRET],
      accountId: ['me', accountId],
      region: [''],
      templateName: ['my-template'],
    });
    const { AGENTRUN_CONTROL_ENDPOINT, AGENTRUN_DATA_ENDPOINT } = variablesOf(fake);
    const environment = { NO_COLOR: '1', AGENTRUN_CONTROL_ENDPOINT, AGENTRUN_DATA_ENDPOINT };
    const { exitCode, stdout } = await home.run(['configure', 'aliyun'], { ...terminal, environment });
    expect(terminal.shown()).toContain('cn-hangzhou, cn-shanghai, cn-beijing, cn-shenzhen, ap-southeast-1');
    expect([exitCode, stdout]).toEqual([0, `Stored the connection of "${ID}".\n`]);
    const keyFields = ['accessKeyId', 'accessKeySecret', 'securityToken'];
    expect(terminal.asked).toEqual([...keyFields, 'accountId', 'accountId', 'region', 'templateName', 'controlEndpoint', 'dataEndpoint']);
    expect(terminal.shown()).toContain('! accountId: must be digits.');
    expect(terminal.shown()).toContain('region [cn-hangzhou]: ');
    expect(terminal.modes).toEqual([true, false, true, false]);
    expect(terminal.shown() + stdout).not.toContain(KEY_SECRET);
    expect(await storedConfig(home.settingsPath)).toMatchObject({ region: 'cn-hangzhou', templateName: 'my-template', accountId });
  });

  test('offers what is stored, but no secret', async () => {
    const fake = await startFake();
    const home = await createCarryingHome();
    await configure(home, fake);
    const terminal = createTerminal({ accessKeySecret: [KEY_SECRET] });
    const { exitCode } = await home.run(['configure', 'aliyun'], terminal);
    expect([exitCode, terminal.shown()]).toEqual([0, expect.stringContaining('is in use.')]);
    expect(terminal.shown()).toContain(`accessKeyId [${fake.account.accessKeyId}]: `);
    expect(await storedConfig(home.settingsPath)).toMatchObject({ accessKeyId: fake.account.accessKeyId, controlEndpoint: fake.url });
  });

  test('asks for both endpoints of a region that is not official, and gives up after three answers that are none', async () => {
    const home = await createCarryingHome();
    const terminal = createTerminal({ accessKeyId: ['k'], accessKeySecret: [KEY_SECRET], accountId: ['12345'], region: ['eu-central-1'] });
    const { exitCode } = await home.run(['configure', 'aliyun'], terminal);
    expect([exitCode, terminal.asked.slice(-3)]).toEqual([2, ['controlEndpoint', 'controlEndpoint', 'controlEndpoint']]);
    expect(terminal.shown()).toContain('controlEndpoint: is needed. Nothing was stored.');
    expect(existsSync(home.settingsPath)).toBe(false);
  });

  test('ends with 130 when the person gives up, and with 2 where there is no terminal', async () => {
    const home = await createCarryingHome();
    const terminal = createTerminal({ accessKeyId: ['k'], accessKeySecret: ['half\u0003'] });
    expect((await home.run(['configure', 'aliyun'], terminal)).exitCode).toBe(130);
    const { exitCode, stderr } = await home.run(['configure', 'aliyun']);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('--from-env')]);
    expect(existsSync(home.settingsPath)).toBe(false);
  });

  test('takes no secret from the command line', async () => {
    const home = await createCarryingHome();
    const { exitCode, stdout } = await home.run(['configure', 'aliyun', '--access-key-secret', KEY_SECRET]);
    expect([exitCode, stdout]).toEqual([2, '']);
  });
});
