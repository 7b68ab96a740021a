import { dirname, join } from 'node:path';
import { prepareProvider } from '@sandport/preparation';
import { describe, expect, test } from 'vitest';
import { ALIYUN_PACKAGES, inspectAliyunPackages } from '../src/aliyun/sdk-packages.ts';
import { createCarryingHome } from './carrying-home.ts';
import { configure, KEY_SECRET, startFake, variablesOf } from './fake-account.ts';
import { installPackages } from './install-packages.ts';
import { documentOf } from './run-in-process.ts';

const VERIFY = ['verify', 'aliyun'];
const CASES = 'lifecycle/description,values/';

describe('verify aliyun', () => {
  test('without credentials looks at the packages, says what is missing, and ends with 4', async () => {
    const home = await createCarryingHome();
    const { exitCode, stdout, stderr } = await home.run(VERIFY);
    expect([exitCode, stdout]).toEqual([4, expect.stringContaining('No credentials: accessKeyId, accessKeySecret, accountId are neither')]);
    expect(stdout).toContain('✔ sdk @alicloud/openapi-client  Version 0.4.15 is installed');
    expect(stderr).toContain('AGENTRUN_ACCESS_KEY_SECRET or ALIBABA_CLOUD_ACCESS_KEY_SECRET');
    const other = await home.run([...VERIFY, '--json'], {
      environment: { AGENTRUN_ACCOUNT_ID: '12345', ALIBABA_CLOUD_ACCESS_KEY_ID: 'x' },
    });
    expect(other.exitCode).toBe(4);
    expect(documentOf(other)).toMatchObject({
      status: 'no-credentials',
      missing: ['accessKeySecret'],
      passport: null,
      sdk: [{ status: 'ok' }, {}, {}],
    });
  });

  test('proves cases against the account of the environment, with progress and a report', async () => {
    const fake = await startFake();
    const home = await createCarryingHome({ environment: { NO_COLOR: '1', ...variablesOf(fake) }, prepareProvider });
    const { exitCode, stdout, stderr } = await home.run([...VERIFY, '--cases', CASES]);
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringMatching(/aliyun_codeinterpreter {2}✔ passed[^]*languages +python, javascript[^]*cases +\d+ passed/),
    ]);
    expect(stderr).toMatch(/\n {2}1\/\d+ lifecycle\/description: passed\n/);
    expect(stdout + stderr).not.toContain(KEY_SECRET);
    expect(fake.sandboxes()).toEqual([]);
  }, 120_000);

  test('proves the stored configuration, whatever key lies in the environment, and tells with 1 what failed', async () => {
    const fake = await startFake();
    const home = await createCarryingHome();
    await configure(home, fake);
    fake.removeKey(fake.account.accessKeyId);
    const environment = { AGENTRUN_ACCESS_KEY_ID: 'other', AGENTRUN_ACCESS_KEY_SECRET: 'other', AGENTRUN_SECURITY_TOKEN: 'other' };
    const outcome = await home.run([...VERIFY, '--json', '--cases', CASES], { environment, prepareProvider });
    expect([outcome.exitCode, outcome.stderr]).toEqual([1, '']);
    expect(documentOf(outcome)).toMatchObject({ status: 'failed', passport: { passed: false } });
    expect(outcome.stdout).toContain('does not know this access key');
    expect(outcome.stdout).not.toContain(KEY_SECRET);
  });

  test('refuses cases that do not exist, and settings that are named and absent', async () => {
    const fake = await startFake();
    const home = await createCarryingHome({ environment: variablesOf(fake), prepareProvider });
    expect((await home.run([...VERIFY, '--cases', 'nonsense/'])).exitCode).toBe(2);
    expect((await home.run([...VERIFY, '--settings', join(home.homeFolder, 'absent.sqlite')])).exitCode).toBe(3);
    expect(fake.requests).toEqual([]);
  });
});

describe('the packages of the vendor', () => {
  test('are those that the workspace has', async () => {
    const { readFile } = await import('node:fs/promises');
    const workspace = await readFile(join(dirname(import.meta.dirname), '..', '..', 'pnpm-workspace.yaml'), 'utf8');
    for (const { name, proven } of ALIYUN_PACKAGES) expect(workspace).toContain(`  '${name}': ${proven.join()}\n`);
    expect(inspectAliyunPackages().map(({ status }) => status)).toEqual(['ok', 'ok', 'ok']);
  });

  test('are told when they are absent, broken, of another version, or without their classes', () => {
    const manifest = installPackages({
      '@alicloud/openapi-client': { version: '0.4.14', code: '' },
      '@alicloud/tea-util': { version: '1.4.9', code: 'exports.RuntimeOptions = {}' },
      '@alicloud/credentials': { version: '2.4.7', code: 'throw new TypeError("secret")' },
    });
    const findings = inspectAliyunPackages(manifest).map(({ status, message }) => `${status}: ${message}`);
    expect(findings).toEqual([
      'failed: Version 0.4.14 is installed, and the provider was proven with 0.4.15.',
      'failed: It lacks RuntimeOptions.',
      'failed: It cannot be loaded (TypeError).',
    ]);
  });
});
