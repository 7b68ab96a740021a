import { SandboxError, type JsonObject, type Passport } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { tryConfiguration, type ConfigurationTrial, type PreparationOptions, type TrialSettings } from '../src/index.ts';
import { Journal, pretendingDefinition } from './pretending-provider.ts';

const DIGEST = 'd'.repeat(64);

/** Settings that have one configuration, and remember what was asked and stored. */
class OneConfiguration implements TrialSettings {
  readonly asked: (readonly [providerId: string, version: number | null])[] = [];
  readonly saved: Passport[] = [];
  readonly configurations = {
    savePassport: async (passport: Passport): Promise<void> => {
      this.saved.push(passport);
      await Promise.resolve();
    },
  };

  openConfiguration(providerId: string, version: number | null): Promise<{ config: JsonObject; configDigest: string }> {
    this.asked.push([providerId, version]);
    return Promise.resolve({ config: {}, configDigest: DIGEST });
  }
}

const definition = pretendingDefinition(new Journal(), {});

async function deadlineOf(cases: ConfigurationTrial['cases']): Promise<number | undefined> {
  let given: PreparationOptions | undefined;
  const stop = new Error('enough');
  const prepare = (options: PreparationOptions): Promise<Passport> => {
    given = options;
    return Promise.reject(stop);
  };
  await expect(tryConfiguration(new OneConfiguration(), { definition, version: null, cases, prepare })).rejects.toBe(stop);
  return given?.deadlineMs;
}

describe('a trial of what is stored', () => {
  test('is made with the configuration that was asked for, and its passport is stored', async () => {
    const settings = new OneConfiguration();
    const passport = await tryConfiguration(settings, { definition, version: 7, cases: ['values/false'], now: () => 5000 });
    expect(settings.asked).toEqual([[definition.id, 7]]);
    expect([passport.passed, passport.configDigest, passport.madeAtMs]).toEqual([true, DIGEST, 5000]);
    expect(settings.saved).toEqual([passport]);
  });

  test('also stores that it failed', async () => {
    const settings = new OneConfiguration();
    const failing = pretendingDefinition(new Journal(), {
      before: (call) => {
        if (call === 'checkHealth') throw new SandboxError('PROVIDER_UNAVAILABLE', 'It is away.');
      },
    });
    const passport = await tryConfiguration(settings, { definition: failing, version: null });
    expect(passport.passed).toBe(false);
    expect(settings.saved).toEqual([passport]);
  });

  test('stores nothing when it is withdrawn', async () => {
    const settings = new OneConfiguration();
    const trial = tryConfiguration(settings, { definition, version: null, signal: AbortSignal.abort() });
    await expect(trial).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(settings.saved).toEqual([]);
  });

  test('gives the cases that somebody chose the time that they need', async () => {
    expect(await deadlineOf(undefined)).toBeUndefined();
    expect(await deadlineOf('all')).toBe(3_600_000);
    const one = await deadlineOf(['lifecycle/description']);
    const many = await deadlineOf(['values/', 'files/']);
    expect(one).toBeGreaterThan(180_000);
    expect(many).toBeGreaterThan(one ?? Infinity);
    expect(await deadlineOf([''])).toBe(3_600_000);
  });
});
