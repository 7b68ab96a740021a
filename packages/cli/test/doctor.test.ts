import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import { SandboxError, type HealthCheck } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { Interruption } from '../src/interruption.ts';
import { fakeDefinition } from './fake-definition.mjs';
import { createHome, createReadyHome, documentOf, type Outcome } from './run-in-process.ts';
import { storeRows } from './stored-rows.ts';

async function createHomeWith(...assignments: string[]) {
  const home = createHome();
  if (assignments.length > 0) await home.run(['config', 'set', 'fake', ...assignments]);
  await home.run(['config', 'use', 'fake', '--override', 'for a test']);
  return home;
}

/** The names of checks, with their status. */
function checksOf(outcome: Outcome): string[] {
  const { checks } = documentOf(outcome);
  return (checks as readonly HealthCheck[]).map(({ name, status }) => `${name} ${status}`);
}

describe('doctor', () => {
  test('goes through settings, configuration and provider, and ends with 0 when all is well', async () => {
    const home = await createHomeWith();
    const { exitCode, stdout } = await home.run(['doctor']);
    expect([exitCode, stdout]).toEqual([
      0,
      [
        `✔ settings       "${home.settingsPath}" can be read, and its tables are those of this version.`,
        '✔ keys           No master key is configured, and no sealed secret needs one.',
        '✔ passport.fake  "fake" passed its trial just now, in remote.',
        '✔ configuration  "fake" is chosen, and its configuration is valid.',
        '✔ engine         It is there.',
        'healthy, isolation measured inside: remote',
        '',
      ].join('\n'),
    ]);
  });

  test('shows each warning with its remedy, and still ends with 0', async () => {
    const home = await createHomeWith('level=5');
    const { exitCode, stdout } = await home.run(['doctor']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('! level          It is high.\n                 → Lower it.\n');
    expect(stdout).toContain('degraded');
  });

  test('ends with 1 when something stands in the way', async () => {
    const home = await createHomeWith('level=9');
    const outcome = await home.run(['doctor', '--json']);
    expect(outcome.exitCode).toBe(1);
    expect(documentOf(outcome)).toMatchObject({
      status: 'unhealthy',
      settings: home.settingsPath,
      database: 'sqlite',
      providerId: 'fake',
      isolation: { kind: 'remote' },
    });
    expect(checksOf(outcome)).toEqual([
      'settings ok',
      'keys ok',
      'passport.fake warning',
      'configuration ok',
      'engine ok',
      'level warning',
      'peak failed',
    ]);
  });

  test('warns of settings that others may open', async () => {
    const home = await createHomeWith();
    chmodSync(home.settingsPath, 0o644);
    const { exitCode, stdout } = await home.run(['doctor']);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(`chmod 600 "${home.settingsPath}"`)]);
  });

  test('looks at the first provider when nobody has chosen one yet', async () => {
    const home = createHome();
    const outcome = await home.run(['doctor', '--json']);
    expect(outcome.exitCode).toBe(0);
    expect(documentOf(outcome)).toMatchObject({
      providerId: 'fake',
      checks: [{ name: 'settings', status: 'ok' }, { name: 'configuration' }, {}],
    });
    expect(outcome.stdout).toContain('does not exist yet');
  });

  test('says where the settings should be when those that were named are not there', async () => {
    const home = createHome();
    const outcome = await home.run(['doctor', '--json', '--settings', join(home.homeFolder, 'absent.sqlite')]);
    expect(outcome.exitCode).toBe(1);
    expect(documentOf(outcome)).toMatchObject({
      status: 'unhealthy',
      providerId: null,
      checks: [{ name: 'settings', status: 'failed' }],
    });
    expect(outcome.stdout).toContain('sandport config use wasm');
  });

  test('stops at a configuration that is wrong, with its remedy', async () => {
    const home = createHome();
    await home.run(['config', 'set', 'fake', 'level=1']);
    const outcome = await home.run(['doctor', '--json']);
    expect(outcome.exitCode).toBe(1);
    expect(checksOf(outcome)).toEqual(['settings ok', 'keys ok', 'configuration failed']);
    expect(outcome.stdout).toContain('sandbox.provider_type');
  });

  test('looks at another provider when asked to', async () => {
    const home = await createHomeWith();
    const missing = await home.run(['doctor', '--provider', 'other', '--json']);
    expect([missing.exitCode, missing.stdout]).toEqual([1, expect.stringContaining('sandbox.other')]);
    await home.run(['config', 'set', 'other', 'level=1']);
    const found = await home.run(['doctor', '--provider', 'other', '--json']);
    expect([found.exitCode, documentOf(found)['providerId']]).toEqual([0, 'other']);
    expect((await home.run(['doctor', '--provider', 'nobody'])).exitCode).toBe(2);
  });

  test('closes what it created, and ends with 130 when it is interrupted', async () => {
    const events: string[] = [];
    const home = await createHomeWith();
    const providers = [fakeDefinition({ onEvent: (event) => events.push(event) })];
    await home.run(['doctor'], { providers });
    expect(events).toEqual(['close']);
    const interrupted = await home.run(['doctor'], { providers, signal: AbortSignal.abort(new Interruption('SIGINT')) });
    expect(interrupted.exitCode).toBe(130);
  });

  test('--clean says what was removed, for the provider that can leave something behind', async () => {
    const leftBehind = {
      kind: 'container',
      id: 'abc',
      name: 'sandport-x-1',
      reason: 'The process that made it has ended.',
      isCertain: true,
    } as const;
    const asked: unknown[] = [];
    const home = createHome({
      providers: [fakeDefinition({ id: 'docker' }), fakeDefinition()],
      removeLeftBehind: (options) => {
        asked.push(options.dockerHost);
        return Promise.resolve([leftBehind]);
      },
    });
    await home.run(['config', 'use', 'fake']);
    await home.run(['config', 'use', 'docker']);
    const { stdout } = await home.run(['doctor', '--clean']);
    expect(stdout).toMatch(/✔ clean +Removed what was left behind: container sandport-x-1\./);
    expect(documentOf(await home.run(['doctor', '--clean', '--json']))).toMatchObject({ removed: [leftBehind] });
    expect(documentOf(await home.run(['doctor', '--json']))).toMatchObject({ removed: null });
    expect(documentOf(await home.run(['doctor', '--clean', '--json', '--provider', 'fake']))).toMatchObject({ removed: [] });
    expect(asked).toEqual([undefined, undefined]);
  });

  test('--clean that fails is a finding', async () => {
    const home = createHome({
      providers: [fakeDefinition({ id: 'docker' })],
      removeLeftBehind: () => Promise.reject(new SandboxError('PROVIDER_UNAVAILABLE', 'No engine.', { suggestion: 'Start it.' })),
    });
    await home.run(['config', 'use', 'docker']);
    const outcome = await home.run(['doctor', '--clean', '--json']);
    expect(outcome.exitCode).toBe(1);
    expect(documentOf(outcome)['checks']).toContainEqual({ name: 'clean', status: 'failed', message: 'No engine.', remedy: 'Start it.' });
  });
});

describe('doctor of stored configuration', () => {
  test('warns of secrets in the clear, of who may open the key file, and of rows that another program changed', async () => {
    const home = await createReadyHome();
    await storeRows(home.settingsPath, { 'sandbox.fake': '{"token":"planted-secret"}' });
    const bare = await home.run(['doctor', '--json']);
    expect(bare.stdout).toContain('sandport secrets create-key, then sandport secrets seal');
    await home.run(['secrets', 'create-key']);
    chmodSync(`${home.settingsPath}.key`, 0o640);
    const outcome = await home.run(['doctor', '--json']);
    expect(checksOf(outcome)).toEqual([
      'settings ok',
      expect.stringMatching(/^keys /),
      'keys.mode warning',
      'secrets warning',
      'rows warning',
      'passport.fake warning',
      'configuration ok',
      'engine ok',
    ]);
    expect(outcome.stdout).toContain(`chmod 600 \\"${home.settingsPath}.key\\"`);
    expect(bare.stdout + outcome.stdout).not.toContain('planted-secret');
  });

  test('misses the key that sealed secrets need', async () => {
    const home = await createReadyHome();
    await home.run(['secrets', 'create-key']);
    await home.run(['config', 'set', 'fake', '--secret-stdin', 'token'], { input: 'hidden' });
    rmSync(`${home.settingsPath}.key`);
    const outcome = await home.run(['doctor', '--json']);
    expect([outcome.exitCode, checksOf(outcome)]).toEqual([1, expect.arrayContaining(['keys failed'])]);
    expect(outcome.stdout).toContain('SANDPORT_MASTER_KEY_FILE');
  });

  test('warns of variables that nobody looks at', async () => {
    const home = await createReadyHome();
    const environment = { SANDPORT_MASTER_KEY: randomBytes(32).toString('base64'), SANDPORT_MASTER_KEY_FILE: '/nowhere' };
    const outcome = await home.run(['doctor', '--json'], { environment });
    expect([outcome.exitCode, checksOf(outcome).slice(0, 3)]).toEqual([0, ['settings ok', 'keys ok', 'keys.unused warning']]);
  });

  test('says how old the proof of every provider in use is, and what the policy makes of it', async () => {
    const home = await createReadyHome();
    await home.run(['config', 'set', 'other', 'level=2']);
    await home.run(['config', 'fallback', 'other', '--no-test']);
    const untried = await home.run(['doctor', '--json']);
    expect([untried.exitCode, checksOf(untried)]).toEqual([0, expect.arrayContaining(['passport.fake ok', 'passport.other warning'])]);
    await home.run(['config', 'policy', 'set', '-'], { input: '{"maxPassportAgeHours": 1}' });
    const proven = await home.run(['doctor', '--json']);
    expect(checksOf(proven)).toEqual(expect.arrayContaining(['policy ok', 'passport.fake ok', 'passport.other ok']));
    await storeRows(home.settingsPath, { 'sandbox.policy': '{"minimumIsolation":"gvisor"}' });
    const violated = await home.run(['doctor', '--json']);
    expect([violated.exitCode, checksOf(violated)]).toEqual([1, expect.arrayContaining(['passport.fake failed', 'passport.other failed'])]);
    expect(violated.stdout).toContain('sandport config test fake');
    await home.run(['config', 'set', 'fake', 'label=x', '--override', 'until Friday']);
    const overridden = await home.run(['doctor', '--json']);
    expect([overridden.exitCode, checksOf(overridden)]).toEqual([0, expect.arrayContaining(['policy warning', 'passport.fake warning'])]);
    expect(overridden.stdout).toContain('until Friday');
  });

  test('says what to do about tables of another version, and about a policy that cannot be read', async () => {
    const home = await createReadyHome();
    await storeRows(home.settingsPath, { 'sandbox.policy': '{broken' });
    const broken = await home.run(['doctor', '--json']);
    expect([broken.exitCode, checksOf(broken)]).toEqual([1, expect.arrayContaining(['sandbox.policy failed'])]);
    await home.run(['settings', 'migrate', '--down-to', 'none']);
    const outcome = await home.run(['doctor', '--json']);
    expect([outcome.exitCode, checksOf(outcome)[0]]).toEqual([1, 'settings failed']);
    expect(outcome.stdout).toContain('sandport settings migrate');
  });
});
