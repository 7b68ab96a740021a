import type { AnswerOf } from '@sandport/admin-api';
import type { PlayedAnswers } from './played-answers.ts';
import { PLAYED_NOW_MS } from './played-providers.ts';

type Account = AnswerOf<'listAccounts'>['accounts'][number];
type Token = AnswerOf<'listTokens'>['tokens'][number];

const HOUR_MS = 3_600_000;

const account = (id: string, name: string, change: Partial<Account> = {}): Account => ({
  id,
  name,
  role: 'operator',
  isDisabled: false,
  signsInBy: 'password',
  createdAtMs: PLAYED_NOW_MS - 900 * HOUR_MS,
  lastSignInAtMs: PLAYED_NOW_MS - 3 * HOUR_MS,
  ...change,
});

const token = (id: string, name: string, change: Partial<Token> = {}): Token => ({
  id,
  name,
  role: 'operator',
  createdBy: 'Ada',
  createdAtMs: PLAYED_NOW_MS - 300 * HOUR_MS,
  endsAtMs: null,
  lastUsedAtMs: PLAYED_NOW_MS - HOUR_MS,
  ...change,
});

const invited = account('a5', 'new@example.org', { role: 'viewer', signsInBy: 'invitation', lastSignInAtMs: null });
const link = 'https://admin.example.org/admin/invitation#played-secret-of-the-link';

/** Accounts and tokens of every kind. */
export const playedPeople: PlayedAnswers = {
  listAccounts: () => ({
    accounts: [
      account('a1', 'Ada', { role: 'admin' }),
      account('a2', 'grace@example.org', { signsInBy: 'openid' }),
      account('a3', 'A very long name of somebody who was invited and has not come yet', { signsInBy: 'invitation', lastSignInAtMs: null }),
      account('a4', 'Linus', { isDisabled: true }),
    ],
  }),
  inviteAccount: () => ({ account: invited, link, endsAtMs: PLAYED_NOW_MS + 72 * HOUR_MS }),
  changeAccount: () => ({ account: invited, invitation: { link, endsAtMs: PLAYED_NOW_MS + 72 * HOUR_MS } }),
  listTokens: () => ({
    tokens: [token('t1', 'nightly deployment'), token('t2', 'an old script', { endsAtMs: PLAYED_NOW_MS - HOUR_MS, lastUsedAtMs: null })],
  }),
  createToken: () => ({ token: token('t3', 'ci'), secret: 'sandport_admin_played0123456789' }),
};
