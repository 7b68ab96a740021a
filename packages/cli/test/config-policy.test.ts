import { describe, expect, test } from 'vitest';
import { fakeTrial } from './fake-trial.mjs';
import { createHome, createReadyHome, documentOf } from './run-in-process.ts';
import { storedRows } from './stored-rows.ts';

const POLICY = '{"languages": ["python"], "maxPassportAgeHours": 24}';

describe('config policy', () => {
  test('is none at first, is stored from a file or from standard input, shown, and removed', async () => {
    const home = await createReadyHome();
    expect((await home.run(['config', 'policy'])).stdout).toBe('No policy is stored.\n');
    expect(await home.run(['config', 'policy', 'set', home.file('policy.json', POLICY)])).toMatchObject({
      exitCode: 0,
      stdout: 'The policy is stored.\n',
    });
    const full = { languages: ['python'], maxPassportAgeHours: 24, trustRemoteIsolation: false, allowNetwork: false, maxima: {} };
    expect(JSON.parse((await home.run(['config', 'policy'])).stdout)).toEqual(full);
    await home.run(['config', 'policy', 'set', '-'], { input: '{"allowNetwork": true}' });
    expect(documentOf(await home.run(['config', 'policy', '--json']))).toMatchObject({ policy: { allowNetwork: true }, problems: [] });
    await home.run(['config', 'policy', 'remove']);
    expect(await storedRows(home.settingsPath)).not.toHaveProperty('sandbox.policy');
  });

  test.each([
    ['no JSON', '{broken', 'is not valid JSON'],
    ['no object', '[]', 'policy'],
    ['an unknown member', '{"minimumIsolaton": "gvisor"}', 'minimumIsolaton'],
    ['a wrong value', '{"maxima": {"timeoutMs": -1}}', 'maxima.timeoutMs'],
  ])('that is %s is refused', async (_, text, message) => {
    const home = await createReadyHome();
    const { exitCode, stderr } = await home.run(['config', 'policy', 'set', '-'], { input: text });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(await storedRows(home.settingsPath)).not.toHaveProperty('sandbox.policy');
  });

  test('a provider without the proof that it asks for is tried before it comes into use', async () => {
    const home = createHome();
    await home.run(['config', 'use', 'fake', '--no-test']);
    const tried: string[] = [];
    const prepareProvider: typeof fakeTrial = (options) => {
      tried.push(options.definition.id);
      return fakeTrial(options);
    };
    expect((await home.run(['config', 'policy', 'set', '-'], { input: POLICY, prepareProvider })).exitCode).toBe(0);
    expect((await home.run(['config', 'policy', 'set', '-'], { input: '{}', prepareProvider })).exitCode).toBe(0);
    expect(tried).toEqual(['fake']);
  });

  test('that the proof does not meet is refused, unless it is set aside, and that is shown', async () => {
    const home = await createReadyHome();
    const words = ['config', 'policy', 'set', '-'];
    const input = '{"minimumIsolation": "gvisor"}';
    const refused = await home.run(words, { input });
    expect([refused.exitCode, refused.stderr]).toEqual([3, expect.stringContaining("service's word")]);
    const set = await home.run([...words, '--override', 'until Friday', '--json'], { input });
    expect(documentOf(set)).toMatchObject({ state: 'active', override: { author: 'tester@machine', reason: 'until Friday' } });
    expect((await home.run(['config', 'get'])).stdout).toContain('override  by tester@machine: until Friday\n');
  });

  test('--no-test does not get around it', async () => {
    const home = await createReadyHome();
    await home.run(['config', 'policy', 'set', '-'], { input: POLICY });
    const { exitCode, stderr } = await home.run(['config', 'use', 'other', '--no-test']);
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('"other" has no passport')]);
    expect((await home.run(['config', 'use', 'other'])).exitCode).toBe(0);
  });
});

describe('config fallback', () => {
  test('is stored, shown and taken away', async () => {
    const home = await createReadyHome();
    expect((await home.run(['config', 'fallback'])).stdout).toBe('No provider steps in.\n');
    await home.run(['config', 'set', 'other', 'level=2']);
    expect(await home.run(['config', 'fallback', 'other'])).toMatchObject({ exitCode: 0, stdout: 'Stepping in, in this order: other.\n' });
    expect((await home.run(['config', 'fallback'])).stdout).toBe('other\n');
    expect(documentOf(await home.run(['config', 'fallback', '--json']))).toEqual({ fallback: ['other'] });
    expect((await home.run(['config', 'get'])).stdout).toContain('fallback  other\n');
    await home.run(['config', 'fallback', '--none']);
    expect(await storedRows(home.settingsPath)).not.toHaveProperty('sandbox.fallback');
  });

  test.each([
    ['not carried', ['nobody'], 2],
    ['not configured', ['other'], 3],
    ['the chosen one', ['fake'], 3],
    ['named beside --none', ['other', '--none'], 2],
  ])('of a provider that is %s is refused', async (_, words, exitCode) => {
    const home = await createReadyHome();
    expect((await home.run(['config', 'fallback', ...words])).exitCode).toBe(exitCode);
    expect(await storedRows(home.settingsPath)).not.toHaveProperty('sandbox.fallback');
  });
});
