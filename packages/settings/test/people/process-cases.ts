import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildSettings } from '../database/settings-process.ts';
import type { TestDatabase } from '../databases.ts';
import { digestOf, PeoplePlace } from './people-place.ts';
import { raceProcesses } from './people-process.ts';

const ADA = { actor: 'Ada' };

/** What real processes at one database get of which there is one only. */
export function describePeopleProcesses(kind: string, create: () => Promise<TestDatabase>): void {
  describe(`processes at the people in ${kind}`, () => {
    let place: PeoplePlace;

    beforeAll(buildSettings, 120_000);

    beforeEach(async () => {
      place = await PeoplePlace.make(create);
    });

    afterEach(() => place.remove());

    test('make one first account', async () => {
      const outcomes = await raceProcesses(
        place.location,
        ['a', 'b', 'c'].map((name) => ['first', name]),
      );
      expect(outcomes.toSorted()).toEqual(['CONFIG_CONFLICT', 'CONFIG_CONFLICT', 'done']);
      expect(await place.people.listAccounts()).toHaveLength(1);
    });

    test('take one invitation once', async () => {
      const ivy = await place.people.createAccount({ name: 'ivy', role: 'operator' }, ADA);
      const digest = digestOf('link');
      await place.people.createInvitation({ digest, accountId: ivy.id, endsAtMs: 1000 }, ADA);
      const outcomes = await raceProcesses(
        place.location,
        [1, 2, 3].map(() => ['take', digest]),
      );
      expect(outcomes.toSorted()).toEqual(['done', 'nothing', 'nothing']);
    });

    test('leave one of three admins', async () => {
      const admins = [await place.createFirst(), await place.create('bob', 'admin'), await place.create('eve', 'admin')];
      const outcomes = await raceProcesses(
        place.location,
        admins.map(({ id }) => ['disable', id]),
      );
      expect(outcomes.toSorted()).toEqual(['CONFIG_CONFLICT', 'done', 'done']);
      const left = (await place.people.listAccounts()).filter(({ isDisabled }) => !isDisabled);
      expect(left).toHaveLength(1);
    });
  });
}
