import { ServiceProblem } from '@sandport/http-service';
import type { PeopleStore } from '@sandport/settings';
import { describe, expect, test } from 'vitest';
import { SignInThrottle, type Attempt } from './sign-in-throttle.ts';

const MINUTE_MS = 60_000;

interface CountWindow {
  readonly nowMs: number;
  readonly windowMs: number;
}

/** Counts as the database does, in memory: the window of a key begins with its first failure. */
class CountedFailures implements Pick<PeopleStore, 'countFailure' | 'failuresOf' | 'clearFailures'> {
  readonly keys = new Map<string, { readonly beganAtMs: number; readonly failures: number }>();

  async failuresOf(key: string, window: CountWindow): Promise<number> {
    return this.#failuresIn(key, window);
  }

  // Reads and writes in one go, as a transaction does.
  async countFailure(key: string, window: CountWindow): Promise<number> {
    const failures = this.#failuresIn(key, window) + 1;
    const beganAtMs = failures === 1 ? window.nowMs : (this.keys.get(key)?.beganAtMs ?? window.nowMs);
    this.keys.set(key, { beganAtMs, failures });
    return failures;
  }

  async clearFailures(key: string): Promise<void> {
    this.keys.delete(key);
  }

  #failuresIn(key: string, { nowMs, windowMs }: CountWindow): number {
    const counted = this.keys.get(key);
    return counted === undefined || counted.beganAtMs <= nowMs - windowMs ? 0 : counted.failures;
  }
}

interface Tried {
  readonly people: CountedFailures;
  readonly clock: { nowMs: number };
  /** Fails once: nothing, or for how many minutes it is to be waited instead. */
  readonly fail: (attempt?: Partial<Attempt>) => Promise<number | undefined>;
  readonly succeed: (attempt?: Partial<Attempt>) => Promise<void>;
}

function prepare(): Tried {
  const people = new CountedFailures();
  const clock = { nowMs: Date.UTC(2030, 0, 1) };
  const throttle = new SignInThrottle({ people, now: () => clock.nowMs });
  const { signal } = new AbortController();
  const whole = (attempt: Partial<Attempt> = {}): Attempt => ({ name: 'root', address: '198.51.100.1', ...attempt });
  return {
    people,
    clock,
    fail: async (attempt) => {
      const refusal: unknown = await throttle.begin(whole(attempt), signal).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (refusal === undefined) {
        await throttle.failed(whole(attempt), signal);
        return undefined;
      }
      if (!(refusal instanceof ServiceProblem)) throw new Error('It is no refusal.', { cause: refusal });
      expect(refusal.problem.status).toBe(429);
      return (refusal.problem.retryAfterMs ?? 0) / MINUTE_MS;
    },
    succeed: async (attempt) => {
      await throttle.begin(whole(attempt), signal);
      await throttle.succeeded(whole(attempt), signal);
    },
  };
}

async function failTimes(times: number, fail: (each: number) => Promise<number | undefined>): Promise<readonly (number | undefined)[]> {
  const outcomes: (number | undefined)[] = [];
  for (let each = 0; each < times; each += 1) outcomes.push(await fail(each));
  return outcomes;
}

const heard = (times: number): readonly undefined[] => Array.from({ length: times }, () => undefined);

describe('a name', () => {
  test('is to be waited for longer and longer', async () => {
    const { clock, fail } = prepare();
    expect(await failTimes(7, async () => fail())).toEqual([...heard(5), 1, 1]);
    clock.nowMs += MINUTE_MS;
    expect(await failTimes(6, async () => fail())).toEqual([...heard(5), 15]);
    clock.nowMs += 14 * MINUTE_MS;
    expect(await failTimes(6, async () => fail())).toEqual([...heard(5), 1]);
    clock.nowMs += MINUTE_MS;
    expect(await failTimes(6, async () => fail())).toEqual([...heard(5), 120]);
    clock.nowMs += 103 * MINUTE_MS;
    expect(await fail()).toBe(120);
    clock.nowMs += MINUTE_MS;
    expect(await fail()).toBeUndefined();
  });

  test('is one however it is written, and another name is another', async () => {
    const { fail } = prepare();
    await failTimes(5, async () => fail());
    expect(await failTimes(3, async (each) => fail({ name: ['ROOT', ' root ', 'ｒｏｏｔ'][each] ?? '' }))).toEqual([1, 1, 1]);
    expect(await fail({ name: 'other' })).toBeUndefined();
  });

  test('starts afresh with a right password', async () => {
    const { fail, succeed } = prepare();
    for (let round = 0; round < 3; round += 1) {
      expect(await failTimes(4, async () => fail())).toEqual(heard(4));
      await succeed();
    }
  });

  test('is not heard more often when many come at one moment', async () => {
    const { fail } = prepare();
    const outcomes = await Promise.all(Array.from({ length: 50 }, async () => fail()));
    expect(outcomes.filter((outcome) => outcome === undefined)).toHaveLength(5);
  });
});

describe('an address', () => {
  test('that tries many names is to be waited for as a whole', async () => {
    const { clock, fail } = prepare();
    const another = async (each: number): Promise<number | undefined> => fail({ name: `name ${each} at ${clock.nowMs}` });
    expect(await failTimes(22, another)).toEqual([...heard(20), 1, 1]);
    expect(await fail({ name: 'fresh', address: '198.51.100.2' })).toBeUndefined();
    clock.nowMs += MINUTE_MS;
    await failTimes(20, another);
    clock.nowMs += MINUTE_MS;
    expect(await failTimes(21, another)).toEqual([...heard(20), 15]);
  });

  test('is as many as it likes with IPv6, and counts as one', async () => {
    const { fail } = prepare();
    const another = async (each: number): Promise<number | undefined> => fail({ name: `name ${each}`, address: `2001:db8::${each + 1}` });
    expect(await failTimes(21, another)).toEqual([...heard(20), 1]);
  });

  test('does not start afresh with the right password of somebody behind it', async () => {
    const { fail, succeed } = prepare();
    await failTimes(19, async (each) => fail({ name: `name ${each}` }));
    await succeed({ name: 'mine' });
    expect(await failTimes(2, async (each) => fail({ name: `more ${each}` }))).toEqual([undefined, 1]);
  });
});

test('what was typed is not among what is counted by', async () => {
  const { people, fail } = prepare();
  await fail({ name: 'planted', address: '198.51.100.77' });
  for (const key of people.keys.keys()) expect(key).toMatch(/^(name|address)-\d+-[0-9a-f]{64}$/);
});
