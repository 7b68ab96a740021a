import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildSettings } from '../database/settings-process.ts';
import { eachDatabase } from '../databases.ts';
import { startConfigurationProcess } from './configuration-process.ts';
import { ConfiguredDatabase, failureOf, PLANTED } from './configured-database.ts';

const ANNA = { author: 'anna', reason: 'to begin' };
const BEN = { author: 'ben', reason: 'to do otherwise' };

beforeAll(buildSettings, 120_000);

describe.each(eachDatabase)('operators at the same time in $kind', ({ create }) => {
  let configured: ConfiguredDatabase;
  let configurations: ConfiguredDatabase['configurations'];

  beforeEach(async () => {
    configured = await ConfiguredDatabase.make(create);
    ({ configurations } = configured);
    const providers = { alpha: { config: { token: `${PLANTED}-token` } }, beta: { config: {} }, gamma: { config: {} } };
    await configurations.change({ providerType: 'beta', providers }, { ...ANNA, base: null });
  });

  afterEach(async () => {
    await configured.expectNoSecret();
    await configured.remove();
  });

  test('the second one is told who was first, and nothing of the first one is overwritten', async () => {
    const other = configured.openConfigurations();
    const seen = [(await configurations.active()).version, (await other.active()).version];
    expect(seen).toEqual([1, 1]);
    await configurations.change({ providers: { beta: { config: { size: 50 } } } }, { ...ANNA, base: 1 });
    const before = await configured.dump();
    const late = [
      () => other.change({ providers: { beta: { config: { size: 60 } } } }, { ...BEN, base: 1 }),
      () => other.draft({ providers: { beta: { config: { size: 60 } } } }, { ...BEN, base: 1 }),
      () => other.rollBack(1, { ...BEN, expectedActive: 1 }),
    ];
    for (const call of late) {
      const error = await failureOf(call());
      expect([error.code, error.details]).toEqual([
        'CONFIG_CONFLICT',
        { expected: 1, active: 2, author: 'anna', atMs: expect.any(Number) as number },
      ]);
      expect(error.message).toContain('version 2 of "anna" is in use by now');
    }
    expect(await configured.dump()).toEqual(before);
    await other.change({ providers: { beta: { config: { size: 60 } } } }, { ...BEN, base: 2 });
    expect((await configured.rows())['sandbox.beta']).toBe('{"size":60}');
  });

  test('a draft that was made of another version than the one in use would undo what came between, and is refused', async () => {
    const draft = await configurations.draft({ providerType: 'gamma' }, { ...ANNA, base: 1 });
    await configurations.change({ providers: { beta: { config: { size: 50 } } } }, { ...BEN, base: 1 });
    const error = await failureOf(configurations.activate(draft, { author: 'anna', expectedActive: 3 }));
    expect([error.code, error.details]).toMatchObject(['CONFIG_CONFLICT', { expected: 1, active: 3, author: 'ben' }]);
    expect(await configurations.active()).toMatchObject({ version: 3, providerType: 'beta' });
  });

  test('of 20 that change the same version at one moment, in this process, one wins', async () => {
    const operators = Array.from({ length: 20 }, (_, index) => ({
      index,
      store: index % 5 === 0 ? configured.openConfigurations() : configurations,
    }));
    const outcomes = await Promise.allSettled(
      operators.map(({ index, store }) =>
        store.change({ providers: { beta: { config: { size: index + 1 } } } }, { author: `operator-${index}`, reason: 'x', base: 1 }),
      ),
    );
    const won = outcomes.flatMap((outcome, index) => (outcome.status === 'fulfilled' ? [index] : []));
    expect(won).toHaveLength(1);
    const lost = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason as { code: string; details: object }] : [],
    );
    for (const { code, details } of lost)
      expect([code, details]).toMatchObject(['CONFIG_CONFLICT', { expected: 1, active: 2, author: `operator-${won[0]}` }]);
    expect((await configured.rows())['sandbox.beta']).toBe(JSON.stringify({ size: (won[0] ?? 0) + 1 }));
    expect(await configurations.history()).toHaveLength(2);
  });

  test('of 20 that activate at one moment, in four processes, one wins for each version that they saw', async () => {
    const rounds = 2;
    for (let round = 0; round < rounds; round += 1) {
      const base = (await configurations.active()).version ?? 0;
      const drafts: number[] = [];
      for (let index = 0; index < 20; index += 1) {
        drafts.push(await configurations.draft({ providers: { beta: { config: { size: 20 * round + index + 1 } } } }, { ...ANNA, base }));
      }
      const lines: string[] = [];
      const processes = [0, 5, 10, 15].map((first) =>
        startConfigurationProcess(configured, ['activate', String(base), ...drafts.slice(first, first + 5).map(String)], (line) =>
          lines.push(line),
        ),
      );
      while (lines.length < processes.length) await delay(5);
      for (const { child } of processes) child.stdin.write('go\n');
      for (const { ended } of processes) expect((await ended).exitCode).toBe(0);
      const outcomes = lines.filter((line) => line !== 'ready');
      const { version } = await configurations.active();
      expect(outcomes.toSorted()).toEqual([...Array.from({ length: 19 }, () => 'CONFIG_CONFLICT'), `active ${version}`]);
      const winner = drafts.indexOf(version ?? 0);
      expect(winner).toBeGreaterThanOrEqual(0);
      expect((await configured.rows())['sandbox.beta']).toBe(JSON.stringify({ size: 20 * round + winner + 1 }));
    }
    const states = (await configurations.history()).map(({ state }) => state);
    expect(states.filter((state) => state === 'active')).toHaveLength(1);
    expect(states.filter((state) => state === 'superseded')).toHaveLength(rounds);
  }, 120_000);

  test('a program that writes rows directly all the time loses nothing to those who activate', async () => {
    let isOver = false;
    let written = 0;
    const foreign = (async () => {
      while (!isOver) {
        written += 1;
        await configured.writeForeign({ 'sandbox.gamma': { size: written } });
        await configured.removeForeign('sandbox.gamma');
        await delay(1);
      }
    })();
    let changed = 0;
    for (let attempts = 0; changed < 15; attempts += 1) {
      const base = await configurations.recordForeignChanges();
      try {
        await configurations.change({ providers: { beta: { config: { size: (attempts % 90) + 1 } } } }, { ...ANNA, base });
        changed += 1;
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && (error.code === 'CONFIG_CONFLICT' || error.code === 'SETTINGS_UNAVAILABLE')))
          throw error;
      }
    }
    isOver = true;
    await foreign;
    const last = await configurations.recordForeignChanges();
    // Each version is the one before it with the change of one author.
    const history = (await configurations.history({ limit: 500 })).toReversed();
    for (const { number, author, parent } of history.slice(1)) {
      const rows = new Set((await configurations.diff(parent ?? 0, number)).map(({ row }) => row));
      expect([author, [...rows]]).toEqual(
        author === 'unknown' ? ['unknown', ['sandbox.gamma']] : ['anna', rows.size === 0 ? [] : ['sandbox.beta']],
      );
      expect(parent).toBe(number - 1);
    }
    expect(history.at(-1)?.number).toBe(last);
  }, 120_000);
});
