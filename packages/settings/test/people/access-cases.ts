import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AccountRecord, NewToken } from '../../src/index.ts';
import { failureOf } from '../database/test-database.ts';
import type { TestDatabase } from '../databases.ts';
import { digestOf, PeoplePlace } from './people-place.ts';

const ADA = { actor: 'Ada' };

/** What sessions, invitations, tokens and counted failures keep to on each database. */
export function describeAccess(kind: string, create: () => Promise<TestDatabase>): void {
  describe(`access in ${kind}`, () => {
    let place: PeoplePlace;
    let ada: AccountRecord;

    beforeEach(async () => {
      place = await PeoplePlace.make(create);
      ada = await place.createFirst();
    });

    afterEach(() => place.remove());

    test('by a session is found with its account, also by another program', async () => {
      const digest = await place.signIn(ada, 'secret');
      const found = await place.openAnother().findSession(digest, place.nowMs);
      expect(found).toEqual({
        session: {
          digest,
          accountId: ada.id,
          csrfDigest: digestOf('csrf of secret'),
          createdAtMs: place.nowMs,
          endsAtMs: place.nowMs + 10_000,
          idleEndsAtMs: place.nowMs + 1000,
        },
        account: ada,
      });
      expect(await place.people.findSession(digestOf('guess'), place.nowMs)).toBeUndefined();
      expect(await place.people.findSession('no digest', place.nowMs)).toBeUndefined();
    });

    test('by a session ends with its time, which use makes longer and nothing shorter', async () => {
      const begin = place.nowMs;
      const digest = await place.signIn(ada, 'secret');
      const lives = async (afterMs: number) => (await place.people.findSession(digest, begin + afterMs)) !== undefined;
      expect([await lives(999), await lives(1000)]).toEqual([true, false]);
      await place.people.extendSession(digest, begin + 60_000);
      await place.people.extendSession(digest, begin + 500);
      expect([await lives(9999), await lives(10_000)]).toEqual([true, false]);
    });

    test('by a session ends when it is ended, and with all others of the account but one', async () => {
      const bob = await place.create('bob', 'viewer');
      const digests = await Promise.all(['1', '2', '3'].map((secret) => place.signIn(ada, secret)));
      const [first = '', second = ''] = digests;
      const ofBob = await place.signIn(bob, '4');
      const living = async () => {
        const found = await Promise.all([...digests, ofBob].map((digest) => place.people.findSession(digest, place.nowMs)));
        return found.map((each) => each !== undefined);
      };
      await place.people.endSession(first);
      expect(await living()).toEqual([false, true, true, true]);
      await place.people.endSessionsOf(ada.id, { except: second });
      expect(await living()).toEqual([false, true, false, true]);
      await place.people.endSessionsOf(ada.id);
      expect(await living()).toEqual([false, false, false, true]);
    });

    test('of a disabled account ends, and does not come back with the account', async () => {
      const bob = await place.create('bob', 'operator');
      const session = await place.signIn(bob, 'secret');
      const invitation = { digest: digestOf('link'), accountId: bob.id, endsAtMs: place.nowMs + 1000 };
      await place.people.createInvitation(invitation, ADA);
      await place.people.updateAccount(bob.id, { isDisabled: true }, ADA);
      // One that was made while the account was being disabled.
      const late = await place.signIn(bob, 'late');
      expect(await place.people.findSession(session, place.nowMs)).toBeUndefined();
      expect(await place.people.findSession(late, place.nowMs)).toBeUndefined();
      expect(await place.people.takeInvitation(invitation.digest, place.nowMs)).toBeUndefined();
      await place.people.updateAccount(bob.id, { isDisabled: false }, ADA);
      expect(await place.people.findSession(session, place.nowMs)).toBeUndefined();
    });

    test('by an invitation is given once, and by the newest only', async () => {
      const ivy = await place.people.createAccount({ name: 'ivy', role: 'operator' }, ADA);
      const endsAtMs = place.nowMs + 1000;
      await place.people.createInvitation({ digest: digestOf('former'), accountId: ivy.id, endsAtMs }, ADA);
      await place.people.createInvitation({ digest: digestOf('newest'), accountId: ivy.id, endsAtMs }, ADA);
      expect(await place.people.takeInvitation(digestOf('former'), place.nowMs)).toBeUndefined();
      expect(await place.people.takeInvitation(digestOf('newest'), endsAtMs)).toBeUndefined();
      expect(await place.people.takeInvitation(digestOf('newest'), place.nowMs)).toEqual(ivy);
      expect(await place.people.takeInvitation(digestOf('newest'), place.nowMs)).toBeUndefined();
      expect((await place.acts()).slice(-3)).toEqual(['Ada: create-invitation', 'Ada: create-invitation', 'ivy: take-invitation']);
    });

    test('by an invitation is given to one of many at one moment', async () => {
      const stores = [place.people, ...[1, 2, 3].map(() => place.openAnother())];
      const ivy = await place.people.createAccount({ name: 'ivy', role: 'operator' }, ADA);
      for (let round = 0; round < 3; round += 1) {
        const digest = digestOf(`link ${round}`);
        await place.people.createInvitation({ digest, accountId: ivy.id, endsAtMs: place.nowMs + 1000 }, ADA);
        const taken = await Promise.all(
          Array.from({ length: 12 }, async (_, index) => stores[index % stores.length]?.takeInvitation(digest, place.nowMs)),
        );
        expect(taken.filter((account) => account !== undefined)).toEqual([ivy]);
      }
      expect((await place.acts()).filter((act) => act === 'ivy: take-invitation')).toHaveLength(3);
    });

    test('by a token lasts until it is over or revoked', async () => {
      const token: NewToken = { id: 'token-1', digest: digestOf('t1'), name: 'ci', role: 'viewer', createdBy: 'Ada', endsAtMs: null };
      const record = await place.people.createToken(token, ADA);
      const { digest: _, ...facts } = token;
      expect(record).toEqual({ ...facts, createdAtMs: place.nowMs, lastUsedAtMs: null });
      const short = await place.people.createToken({ ...token, id: 'token-2', digest: digestOf('t2'), endsAtMs: place.nowMs + 10 }, ADA);
      expect(await place.people.findToken(token.digest, place.nowMs)).toEqual(record);
      expect(await place.people.findToken(digestOf('t2'), place.nowMs + 9)).toEqual(short);
      expect(await place.people.findToken(digestOf('t2'), place.nowMs + 10)).toBeUndefined();
      await place.people.touchToken('token-1', place.nowMs + 7);
      await place.people.touchToken('token-1', place.nowMs + 3);
      expect((await place.people.listTokens()).map(({ id, lastUsedAtMs }) => [id, lastUsedAtMs])).toEqual([
        ['token-1', place.nowMs + 7],
        ['token-2', null],
      ]);
      await place.people.revokeToken('token-1', ADA);
      expect(await place.people.findToken(token.digest, place.nowMs)).toBeUndefined();
      expect((await failureOf(place.people.revokeToken('token-1', ADA))).code).toBe('CONFIG_MISSING');
      expect((await place.acts()).slice(-3)).toEqual(['Ada: create-token', 'Ada: create-token', 'Ada: revoke-token']);
      expect(JSON.stringify(await place.audit())).not.toContain(token.digest);
    });

    test.each<[string, Partial<NewToken>]>([
      ['digest', { digest: 'the-secret-itself' }],
      ['digest', { id: 'another' }],
      ['id', { digest: digestOf('another') }],
      ['id', { id: 'with blank' }],
      ['name', { name: '' }],
      ['endsAtMs', { endsAtMs: 1.5 }],
    ])('by a token is refused with a %s that is none or taken', async (field, change) => {
      const token: NewToken = { id: 'token', digest: digestOf('token'), name: 'ci', role: 'viewer', createdBy: 'Ada', endsAtMs: null };
      await place.people.createToken(token, ADA);
      const error = await failureOf(place.people.createToken({ ...token, ...change }, ADA));
      expect([error.code, error.details]).toEqual(['REQUEST_INVALID', { field }]);
      expect(await place.people.listTokens()).toHaveLength(1);
    });

    test('that fails is counted in its window', async () => {
      const window = { nowMs: 1000, windowMs: 100 };
      expect(await place.people.failuresOf('ada', window)).toBe(0);
      const counts = [];
      for (const nowMs of [1000, 1050, 1099, 1100, 1101]) counts.push(await place.people.countFailure('ada', { ...window, nowMs }));
      expect(counts).toEqual([1, 2, 3, 1, 2]);
      expect(await place.people.countFailure('bob', window)).toBe(1);
      expect(await place.people.failuresOf('ada', { ...window, nowMs: 1199 })).toBe(2);
      expect(await place.people.failuresOf('ada', { ...window, nowMs: 1200 })).toBe(0);
      await place.people.clearFailures('ada');
      expect(await place.people.failuresOf('ada', { ...window, nowMs: 1101 })).toBe(0);
      expect(await place.people.failuresOf('bob', window)).toBe(1);
    });

    test('that fails keeps nobody out because a clock was once wrong', async () => {
      await place.people.countFailure('ada', { nowMs: 9_000_000, windowMs: 100 });
      expect(await place.people.failuresOf('ada', { nowMs: 1000, windowMs: 100 })).toBe(0);
      expect(await place.people.countFailure('ada', { nowMs: 1000, windowMs: 100 })).toBe(1);
    });

    test('that fails is counted each time, also by several programs at one moment', async () => {
      const stores = [place.people, ...[1, 2, 3].map(() => place.openAnother())];
      for (const nowMs of [1000, 5000]) {
        const window = { nowMs, windowMs: 1000 };
        const counts = await Promise.all(
          Array.from({ length: 20 }, async (_, index) => stores[index % stores.length]?.countFailure('ada', window)),
        );
        expect(counts.toSorted((left = 0, right = 0) => left - right)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
        expect(await place.people.failuresOf('ada', window)).toBe(20);
      }
    });

    test('that is over is removed from the tables, and nothing else', async () => {
      const begin = place.nowMs;
      const old = await place.signIn(ada, 'old');
      place.nowMs += 5000;
      const young = await place.signIn(ada, 'young');
      const ivy = await place.people.createAccount({ name: 'ivy', role: 'operator' }, ADA);
      await place.people.createInvitation({ digest: digestOf('link'), accountId: ivy.id, endsAtMs: begin + 10 }, ADA);
      await place.people.countFailure('old', { nowMs: begin, windowMs: 10 });
      await place.people.countFailure('young', { nowMs: begin, windowMs: 100_000 });
      await place.people.removeExpired(begin + 5000);
      // As if the clock went back: what was removed is not there for anybody.
      expect(await place.people.findSession(old, begin)).toBeUndefined();
      expect(await place.people.takeInvitation(digestOf('link'), begin)).toBeUndefined();
      expect(await place.people.failuresOf('old', { nowMs: begin, windowMs: 10 })).toBe(0);
      expect(await place.people.failuresOf('young', { nowMs: begin, windowMs: 100_000 })).toBe(1);
      expect((await place.people.findSession(young, place.nowMs))?.account).toEqual(ada);
    });

    test('is written down as it was told, in one row of numbers with the changes', async () => {
      await place.people.recordAct({ actor: 'stranger', action: 'sign-in-refused', summary: { name: 'ädä\0', address: '::1' } });
      await place.people.recordAct({ actor: 'Ada', action: 'sign-out', summary: {} });
      const entries = await place.audit();
      expect(entries.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
      expect(entries[1]).toMatchObject({ actor: 'stranger', atMs: place.nowMs, version: null, summary: { name: 'ädä\0' } });
      const long = place.people.recordAct({ actor: 'Ada', action: 'sign-in', summary: { text: 'x'.repeat(17_000) } });
      expect((await failureOf(long)).details).toEqual({ field: 'summary' });
    });

    test('is written down once each, also by several programs at one moment', async () => {
      const stores = [place.people, place.openAnother(), place.openAnother()];
      await Promise.all(
        Array.from({ length: 15 }, async (_, index) =>
          stores[index % stores.length]?.recordAct({ actor: `a${index}`, action: 'sign-in', summary: {} }),
        ),
      );
      expect((await place.audit()).map(({ sequence }) => sequence)).toEqual(Array.from({ length: 16 }, (_, index) => index + 1));
    });
  });
}
