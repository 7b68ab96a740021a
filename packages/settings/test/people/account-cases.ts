import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AccountRecord } from '../../src/index.ts';
import { failureOf } from '../database/test-database.ts';
import type { TestDatabase } from '../databases.ts';
import { digestOf, PeoplePlace } from './people-place.ts';

const ADA = { actor: 'Ada' };

/** What accounts keep to on each database. */
export function describeAccounts(kind: string, create: () => Promise<TestDatabase>): void {
  describe(`accounts in ${kind}`, () => {
    let place: PeoplePlace;

    beforeEach(async () => {
      place = await PeoplePlace.make(create);
    });

    afterEach(() => place.remove());

    test('begin with one, which is an admin', async () => {
      expect(await place.people.hasAccounts()).toBe(false);
      const first = await place.createFirst();
      expect(first).toEqual({
        id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        name: 'Ada',
        role: 'admin',
        passwordHash: 'hash-1',
        openIdSubject: null,
        isDisabled: false,
        createdAtMs: place.nowMs,
        lastSignInAtMs: null,
      });
      expect(await place.people.hasAccounts()).toBe(true);
      expect(await place.openAnother().findAccount(first.id)).toEqual(first);
      const error = await failureOf(place.people.createFirstAccount({ name: 'Eve', passwordHash: 'x' }));
      expect(error.code).toBe('CONFIG_CONFLICT');
      expect(await place.people.listAccounts()).toEqual([first]);
      expect(await place.acts()).toEqual(['Ada: create-account']);
    });

    test('have one first of many that are made at one moment', async () => {
      const stores = [place.people, ...[1, 2, 3].map(() => place.openAnother())];
      const outcomes = await Promise.allSettled(
        Array.from({ length: 16 }, async (_, index) =>
          stores[index % stores.length]?.createFirstAccount({ name: `name ${index}`, passwordHash: 'x' }),
        ),
      );
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [(outcome.reason as { code: string }).code] : []))).toEqual(
        Array.from({ length: 15 }, () => 'CONFIG_CONFLICT'),
      );
      expect(await place.people.listAccounts()).toHaveLength(1);
      expect(await place.acts()).toHaveLength(1);
    });

    test.each([
      ['Straße ÖÄ', 'STRASSE öä', false],
      ['Ольга', 'оЛЬГА', true],
      ['Zoe\u0308', 'zo\u00eb', true],
      ['ｆｕｌｌ', 'FULL', true],
      ['bob', 'bob ', true],
      ['bob', 'bobby', false],
    ])('take "%s" and "%s" for the same as people do', async (name, other, isSame) => {
      const account = await place.create(name, 'viewer');
      expect((await place.people.findAccountByName(name))?.name).toBe(name);
      expect(await place.people.findAccountByName(other)).toEqual(isSame ? account : undefined);
      if (!isSame) return;
      const error = await failureOf(place.create(other, 'viewer'));
      expect([error.code, error.details]).toEqual(['REQUEST_INVALID', { field: 'name' }]);
    });

    test('of OpenID Connect are found by their exact subject, which is one account only', async () => {
      const subject = 'https://id.example.org#Abc';
      const account = await place.people.createAccount({ name: 'carol', role: 'operator', openIdSubject: subject }, ADA);
      expect(await place.people.findAccountByOpenId(subject)).toEqual(account);
      expect(await place.people.findAccountByOpenId(subject.toLowerCase())).toBeUndefined();
      const again = { name: 'dora', role: 'viewer', openIdSubject: subject } as const;
      expect((await failureOf(place.people.createAccount(again, ADA))).details).toEqual({ field: 'openIdSubject' });
      await place.people.createAccount({ name: 'nobody', role: 'viewer' }, ADA);
      await place.people.createAccount({ name: 'nobody else', role: 'viewer' }, ADA);
      expect(await place.people.listAccounts()).toHaveLength(3);
    });

    test('are changed in what is named, and the audit tells of it without a hash', async () => {
      await place.createFirst();
      const bob = await place.create('bob', 'viewer');
      const promoted = await place.people.updateAccount(bob.id, { role: 'operator' }, ADA);
      expect(promoted).toEqual({ ...bob, role: 'operator' });
      const signIn = { lastSignInAtMs: place.nowMs + 5 };
      await place.people.updateAccount(bob.id, signIn, { actor: 'bob', action: 'sign-in' });
      await place.people.updateAccount(bob.id, { passwordHash: 'planted-hash' }, { actor: 'bob', action: 'change-password' });
      await place.people.updateAccount(bob.id, { passwordHash: null }, { ...ADA, action: 'reset-password' });
      expect(await place.people.findAccount(bob.id)).toEqual({ ...bob, role: 'operator', passwordHash: null, ...signIn });
      const entries = (await place.audit()).slice(2).map(({ actor, action, summary }) => ({ actor, action, summary }));
      expect(entries).toEqual([
        { actor: 'Ada', action: 'change-account', summary: { account: 'bob', role: 'operator', formerRole: 'viewer' } },
        { actor: 'bob', action: 'sign-in', summary: { account: 'bob' } },
        { actor: 'bob', action: 'change-password', summary: { account: 'bob', password: 'set' } },
        { actor: 'Ada', action: 'reset-password', summary: { account: 'bob', password: 'removed' } },
      ]);
      expect(JSON.stringify(await place.audit())).not.toContain('hash');
    });

    test.each<[string, (place: PeoplePlace, ada: AccountRecord) => Promise<unknown>]>([
      ['removed', ({ people }, { id }) => people.removeAccount(id, ADA)],
      ['disabled', ({ people }, { id }) => people.updateAccount(id, { isDisabled: true }, ADA)],
      ['given a lesser role', ({ people }, { id }) => people.updateAccount(id, { role: 'operator' }, ADA)],
    ])('of the last admin cannot be %s', async (_, act) => {
      const ada = await place.createFirst();
      const disabled = await place.create('dave', 'admin');
      await place.people.updateAccount(disabled.id, { isDisabled: true }, ADA);
      // Who was only invited may never come.
      await place.people.createAccount({ name: 'ivy', role: 'admin' }, ADA);
      const before = await place.acts();
      expect((await failureOf(act(place, ada))).code).toBe('CONFIG_CONFLICT');
      expect(await place.people.findAccount(ada.id)).toEqual(ada);
      expect(await place.acts()).toEqual(before);
      await place.create('eve', 'admin');
      await act(place, ada);
      expect(await place.people.findAccount(ada.id)).not.toEqual(ada);
    });

    test('of two admins who disable each other at one moment leave one', async () => {
      const other = place.openAnother();
      const ada = await place.createFirst();
      const bob = await place.create('bob', 'admin');
      for (let round = 0; round < 5; round += 1) {
        const outcomes = await Promise.allSettled([
          place.people.updateAccount(ada.id, { isDisabled: true }, ADA),
          other.updateAccount(bob.id, { role: 'viewer' }, ADA),
        ]);
        expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
        for (const id of [ada.id, bob.id]) await place.people.updateAccount(id, { isDisabled: false, role: 'admin' }, ADA);
      }
    });

    test('are removed with their sessions and invitations, and are not there to be changed then', async () => {
      await place.createFirst();
      const bob = await place.create('bob', 'viewer');
      const session = await place.signIn(bob, 'session');
      const invitation = { digest: digestOf('link'), accountId: bob.id, endsAtMs: place.nowMs + 1000 };
      await place.people.createInvitation(invitation, ADA);
      await place.people.removeAccount(bob.id, ADA);
      expect(await place.people.findSession(session, place.nowMs)).toBeUndefined();
      expect(await place.people.takeInvitation(invitation.digest, place.nowMs)).toBeUndefined();
      expect(await place.people.findAccount(bob.id)).toBeUndefined();
      for (const attempt of [
        () => place.people.removeAccount(bob.id, ADA),
        () => place.people.updateAccount(bob.id, { role: 'admin' }, ADA),
        () => place.people.createInvitation(invitation, ADA),
        () => place.people.updateAccount('\0', { role: 'admin' }, ADA),
      ]) {
        expect((await failureOf(attempt())).code).toBe('CONFIG_MISSING');
      }
      // The name is free again, for somebody else.
      expect((await place.create('bob', 'viewer')).id).not.toBe(bob.id);
    });

    test.each<[string, (place: PeoplePlace) => Promise<unknown>]>([
      ['name', ({ people }) => people.createAccount({ name: '', role: 'viewer' }, ADA)],
      ['name', ({ people }) => people.createAccount({ name: 'x'.repeat(129), role: 'viewer' }, ADA)],
      ['name', ({ people }) => people.createAccount({ name: '\ufdfa'.repeat(100), role: 'viewer' }, ADA)],
      ['name', ({ people }) => people.createAccount({ name: 'a\0b', role: 'viewer' }, ADA)],
      ['name', ({ people }) => people.createFirstAccount({ name: '\ud800', passwordHash: 'x' })],
      ['passwordHash', ({ people }) => people.createFirstAccount({ name: 'a', passwordHash: '' })],
      ['role', ({ people }) => people.createAccount({ name: 'a', role: 'root' as 'admin' }, ADA)],
      ['actor', ({ people }) => people.createAccount({ name: 'a', role: 'viewer' }, { actor: ' ' })],
      ['openIdSubject', ({ people }) => people.createAccount({ name: 'a', role: 'viewer', openIdSubject: '' }, ADA)],
      ['lastSignInAtMs', ({ people }) => people.updateAccount('a', { lastSignInAtMs: Number.NaN }, ADA)],
    ])('refuse a %s that is none', async (field, act) => {
      const error = await failureOf(act(place));
      expect([error.code, error.details]).toEqual(['REQUEST_INVALID', { field }]);
      expect(await place.people.hasAccounts()).toBe(false);
    });

    test('that nobody can have are found nowhere', async () => {
      expect(await place.people.findAccount('a\0')).toBeUndefined();
      expect(await place.people.findAccountByName('\ud800')).toBeUndefined();
      expect(await place.people.findAccountByName('')).toBeUndefined();
      expect(await place.people.findAccountByOpenId('\0')).toBeUndefined();
    });

    test('are not touched by a call that was withdrawn', async () => {
      const error = await failureOf(
        place.people.createFirstAccount({ name: 'Ada', passwordHash: 'x' }, { signal: AbortSignal.abort(new Error('withdrawn')) }),
      );
      expect(error.code).toBe('CANCELLED');
      expect(await place.people.hasAccounts()).toBe(false);
    });
  });
}
