import { join } from 'node:path';
import { chmodSync } from 'node:fs';
import { SandboxError } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { Interruption } from '../src/interruption.ts';
import { fakeDefinition } from './fake-definition.mjs';
import { createHome, documentOf } from './run-in-process.ts';

async function createHomeWith(...assignments: string[]) {
  const home = createHome();
  if (assignments.length > 0) await home.run(['config', 'set', 'fake', ...assignments]);
  await home.run(['config', 'use', 'fake']);
  return home;
}

describe('doctor', () => {
  test('goes through settings, configuration and provider, and ends with 0 when all is well', async () => {
    const home = await createHomeWith();
    const { exitCode, stdout } = await home.run(['doctor']);
    expect([exitCode, stdout]).toEqual([
      0,
      [
        `✔ settings       "${home.settingsPath}" can be read.`,
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
      settingsPath: home.settingsPath,
      providerId: 'fake',
      isolation: { kind: 'remote' },
      checks: [{ name: 'settings' }, { name: 'configuration' }, { name: 'engine' }, { name: 'level' }, { name: 'peak', status: 'failed' }],
    });
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
    expect(documentOf(outcome)['checks']).toMatchObject([
      { name: 'settings', status: 'ok' },
      { name: 'configuration', status: 'failed' },
    ]);
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
