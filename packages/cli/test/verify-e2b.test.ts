import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { prepareProvider } from '@sandport/preparation';
import { describe, expect, test } from 'vitest';
import { E2B_PACKAGES, inspectE2bPackages } from '../src/e2b/sdk-packages.ts';
import { createCarryingHome } from './carrying-home.ts';
import { API_KEY, configure, setProgramNetwork, startFake, variablesOf } from './fake-e2b-account.ts';
import { installPackages } from './install-packages.ts';
import { documentOf } from './run-in-process.ts';

const VERIFY = ['verify', 'e2b'];
const CASES = 'lifecycle/description,values/';

describe('verify e2b', () => {
  test('without credentials looks at the package, says what is missing, and ends with 4', async () => {
    const home = await createCarryingHome();
    const { exitCode, stdout, stderr } = await home.run(VERIFY);
    expect([exitCode, stdout]).toEqual([4, expect.stringContaining('No credentials: apiKey is neither stored nor set.')]);
    expect(stdout).toMatch(/✔ sdk e2b {2}Version 2\.\d+\.\d+ is installed, with ConnectionConfig, ApiClient, Sandbox\./);
    expect(stderr).toContain('sandport configure e2b; or set E2B_API_KEY.');
    await home.run(['config', 'set', 'e2b', 'service=tencent-ags']);
    const other = await home.run([...VERIFY, '--json'], { environment: { E2B_API_KEY: API_KEY } });
    expect([other.exitCode, documentOf(other)]).toEqual([
      4,
      expect.objectContaining({ status: 'no-credentials', missing: ['region'], checks: [], passport: null }),
    ]);
  });

  test('proves cases against the account of the environment, and says what the service was found to be', async () => {
    const fake = await startFake({ dialects: ['v1'] });
    const home = await createCarryingHome({ environment: { NO_COLOR: '1', ...variablesOf(fake) }, prepareProvider });
    await setProgramNetwork(home);
    const { exitCode, stdout, stderr } = await home.run([...VERIFY, '--cases', CASES]);
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringMatching(/\ne2b {2}✔ passed[^]*languages +python, javascript[^]*cases +\d+ passed/),
    ]);
    expect(stdout).toMatch(/✔ protocol +The service makes sandboxes in dialect v1; programs go in by commands\./);
    expect(stderr).toMatch(/\n {2}1\/\d+ lifecycle\/description: passed\n/);
    expect(stdout + stderr).not.toContain(API_KEY);
    expect(fake.sandboxes()).toEqual([]);
  }, 120_000);

  test('proves the stored configuration, whatever key lies in the environment, and tells with 1 what failed', async () => {
    const fake = await startFake();
    const home = await createCarryingHome();
    await configure(home, fake);
    fake.removeKey(API_KEY);
    const environment = { E2B_API_KEY: fake.addKey(), E2B_ACCESS_TOKEN: 'other' };
    const outcome = await home.run([...VERIFY, '--json', '--cases', CASES], { environment, prepareProvider });
    expect([outcome.exitCode, outcome.stderr]).toEqual([1, '']);
    expect(documentOf(outcome)).toMatchObject({ status: 'failed', passport: { passed: false } });
    expect(outcome.stdout).toContain('does not know this key');
    expect(outcome.stdout).not.toContain(API_KEY);
  });

  test('refuses cases that do not exist, and settings that are named and absent', async () => {
    const fake = await startFake();
    const home = await createCarryingHome({ environment: variablesOf(fake), prepareProvider });
    expect((await home.run([...VERIFY, '--cases', 'nonsense/'])).exitCode).toBe(2);
    expect((await home.run([...VERIFY, '--settings', join(home.homeFolder, 'absent.sqlite')])).exitCode).toBe(3);
    expect(fake.requests).toEqual([]);
  });
});

describe('the package of E2B', () => {
  const code = 'exports.ConnectionConfig = exports.ApiClient = exports.Sandbox = class {}';
  const findingsWith = (version: string, text = code) =>
    inspectE2bPackages(installPackages({ e2b: { version, code: text } })).map(({ status, message }) => `${status}: ${message}`);

  test('is one of those that the workspace has, in the range of the provider', async () => {
    const workspace = await readFile(join(dirname(import.meta.dirname), '..', '..', 'pnpm-workspace.yaml'), 'utf8');
    expect(workspace).toContain("  e2b: '>=2.20.0 <2.52.0'\n");
    for (const version of E2B_PACKAGES[0]?.proven.slice(0, -1) ?? []) expect(workspace).toContain(`npm:e2b@${version}\n`);
    expect(inspectE2bPackages().map(({ status }) => status)).toEqual(['ok']);
  });

  test('may be another version of the range, which is told', () => {
    expect(findingsWith('2.33.1')).toEqual([
      expect.stringMatching(/^warning: Version 2\.33\.1 is installed, with .*; the provider was proven with/),
    ]);
  });

  test.each(['2.19.4', '2.52.0', '3.0.0', '2.51.0-beta.1'])('is refused in version %s', (version) => {
    expect(findingsWith(version)).toEqual([expect.stringContaining(`failed: Version ${version} is installed`)]);
  });

  test('is told when it lacks its classes, or cannot be loaded', () => {
    expect(findingsWith('2.51.0', 'exports.Sandbox = class {}')).toEqual(['failed: It lacks ConnectionConfig, ApiClient.']);
    expect(findingsWith('2.51.0', 'throw new TypeError("secret")')).toEqual(['failed: It cannot be loaded (TypeError).']);
  });
});
