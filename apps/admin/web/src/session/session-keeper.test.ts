import type { SessionAnswer } from '@sandport/admin-api';
import { expect, test } from 'vitest';
import { SessionKeeper } from './session-keeper.ts';

function answerOf(id: string | null): SessionAnswer {
  return {
    account: id === null ? null : { id, name: id, role: 'viewer', signsInBy: 'password' },
    csrfToken: id === null ? null : `token of ${id}`,
    endsAtMs: id === null ? null : 1,
    needsFirstAccount: false,
    openIdName: null,
    version: '1',
  };
}

function signedIn(): SessionKeeper {
  const keeper = new SessionKeeper();
  keeper.accept(answerOf('ada'));
  return keeper;
}

test('asks nobody who was never signed in', async () => {
  const keeper = new SessionKeeper();
  expect(await keeper.signedInAgain(undefined)).toBe(false);
  keeper.accept(answerOf(null));
  expect(await keeper.signedInAgain(undefined)).toBe(false);
  expect(keeper.state().isExpired).toBe(false);
});

test('lets every waiting call go on when the same person signs in', async () => {
  const keeper = signedIn();
  const waiting = [keeper.signedInAgain(undefined), keeper.signedInAgain(undefined)];
  expect(keeper.state().isExpired).toBe(true);
  keeper.accept(answerOf('ada'));
  expect(await Promise.all(waiting)).toEqual([true, true]);
  expect(keeper.state().isExpired).toBe(false);
});

test('lets no call of one person go on for another', async () => {
  const keeper = signedIn();
  const waiting = keeper.signedInAgain(undefined);
  keeper.accept(answerOf('grace'));
  expect(await waiting).toBe(false);
});

test('keeps the page while nobody has signed in yet', () => {
  const keeper = signedIn();
  void keeper.signedInAgain(undefined);
  keeper.accept(answerOf(null));
  expect(keeper.state()).toMatchObject({ isExpired: true, answer: { account: { id: 'ada' } } });
});

test('ends what waits when the session is left on purpose', async () => {
  const keeper = signedIn();
  const waiting = keeper.signedInAgain(undefined);
  keeper.leave();
  expect(await waiting).toBe(false);
  expect(keeper.csrfToken).toBeNull();
});

test('forgets a call that was withdrawn', async () => {
  const keeper = signedIn();
  const controller = new AbortController();
  const waiting = keeper.signedInAgain(controller.signal);
  const reason = new Error('gone');
  controller.abort(reason);
  await expect(waiting).rejects.toBe(reason);
});

test('tells a new token of the same person from everything else', () => {
  const keeper = signedIn();
  expect(keeper.renew(answerOf('ada'))).toBe(false);
  expect(keeper.renew({ ...answerOf('ada'), csrfToken: 'another' })).toBe(true);
  expect(keeper.renew(answerOf('grace'))).toBe(false);
  expect(keeper.renew(answerOf(null))).toBe(false);
});
