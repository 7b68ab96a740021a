import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildSettings } from '../database/settings-process.ts';
import { eachDatabase } from '../databases.ts';
import { startConfigurationProcess } from './configuration-process.ts';
import { ConfiguredDatabase, PLANTED } from './configured-database.ts';
import { expectWholeState } from './whole-state.ts';

const KILLS = 100;
const PROCESSES_AT_A_TIME = 2;
const ANNA = { author: 'anna', reason: 'to begin' };

/** Longest time that a process is left alone after its first step has begun. */
const LONGEST_LIFE_MS = 150;

beforeAll(buildSettings, 120_000);

describe.each(eachDatabase)('a process that is killed while it activates in $kind', ({ kind, create }) => {
  let configured: ConfiguredDatabase;

  beforeEach(async () => {
    configured = await ConfiguredDatabase.make(create);
    const { configurations } = configured;
    const providers = { alpha: { config: { token: `${PLANTED}-token` } }, beta: { config: {} }, gamma: { config: {} } };
    await configurations.change({ providerType: 'alpha', providers }, { ...ANNA, base: null });
    await configurations.change({ providerType: 'beta', fallback: ['gamma'] }, { ...ANNA, base: 1 });
    await configurations.change({ providerType: 'alpha', fallback: null }, { ...ANNA, base: 2 });
  });

  afterEach(async () => {
    await configured.expectNoSecret();
    await configured.remove();
  });

  /** Lets one process work, kills it, and gives what it said last and how many steps it had done. */
  async function killOne(): Promise<{ readonly last: string; readonly steps: number }> {
    let last = '';
    let steps = 0;
    let onBegin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (onBegin = resolve));
    const { child, ended } = startConfigurationProcess(configured, ['alternate'], (line) => {
      last = line;
      if (line === 'end') steps += 1;
      onBegin();
    });
    await Promise.race([begun, once(child, 'exit')]);
    await delay(Math.random() * LONGEST_LIFE_MS);
    child.kill('SIGKILL');
    expect(await ended).toEqual({ exitCode: null, signal: 'SIGKILL' });
    return { last, steps };
  }

  test(`leaves the old version or the new one, whole, ${KILLS} times`, async () => {
    const deaths = new Map<string, number>();
    let killed = 0;
    let steps = 0;
    const worker = async (): Promise<void> => {
      while (killed < KILLS) {
        killed += 1;
        const death = await killOne();
        await expectWholeState(configured.database);
        deaths.set(death.last, (deaths.get(death.last) ?? 0) + 1);
        steps += death.steps;
      }
    };
    await Promise.all(Array.from({ length: PROCESSES_AT_A_TIME }, worker));
    const inTransaction = deaths.get('transaction') ?? 0;
    const atCommit = deaths.get('commit') ?? 0;
    const versions = (await expectWholeState(configured.database)).lastVersion;
    process.stdout.write(
      `${kind}: ${killed} processes killed, ${inTransaction} within a transaction and ${atCommit} at its commit; ${steps} steps were done, ${versions} versions are there\n`,
    );
    // Else the moments of death prove nothing.
    expect(inTransaction).toBeGreaterThan(KILLS / 10);
    expect(steps).toBeGreaterThan(0);
    // Whoever comes after works as before.
    const { version } = await configured.configurations.active();
    await configured.configurations.rollBack(2, { ...ANNA, expectedActive: version });
    expect(await configured.configurations.active()).toMatchObject({ providerType: 'beta', fallback: ['gamma'], changedElsewhere: [] });
  }, 600_000);
});
