import type { SettingsCallOptions } from '@sandport/core';
import type { Kysely } from 'kysely';
import type { SettingsDatabase } from '../database/settings-database.ts';
import type { Tables } from '../database/tables.ts';
import { findAccountRow, hasAccountRows, listAccountRows } from './account-rows.ts';
import { createAccount, createFirstAccount, removeAccount, updateAccount } from './change-accounts.ts';
import { removeExpiredPeople } from './expired-people.ts';
import { addFailure, readFailures } from './failure-rows.ts';
import { createInvitation, findInvited, takeInvitation } from './invitation-rows.ts';
import { PeopleBooks } from './people-books.ts';
import {
  checkAct,
  checkActor,
  checkFailure,
  checkFailureKey,
  checkId,
  checkName,
  checkPasswordHash,
  checkRole,
  checkSecretDigest,
  checkSubject,
  checkTime,
  isDigest,
  isId,
  isName,
  isSubject,
  nameKeyOf,
} from './people-check.ts';
import type {
  AccountChange,
  AccountRecord,
  FailureWindow,
  NewAccount,
  NewFirstAccount,
  NewInvitation,
  NewToken,
  SessionRow,
  TokenRecord,
} from './people-records.ts';
import type { AccountChangeOptions, Act, ActorOptions, PeopleStore } from './people-store.ts';
import { findSessionRow, insertSessionRow } from './session-rows.ts';
import { createToken, findTokenRow, listTokenRows, revokeToken, touchTokenRow } from './token-rows.ts';

/** People in a database. What is looked up and cannot be stored is found nowhere, without asking. */
export class DatabasePeopleStore implements PeopleStore {
  readonly #books: PeopleBooks;

  constructor(database: SettingsDatabase, now: () => number) {
    this.#books = new PeopleBooks(database, now);
  }

  hasAccounts(call?: SettingsCallOptions): Promise<boolean> {
    return this.#read('readAccounts', call, hasAccountRows);
  }

  async findAccount(id: string, call?: SettingsCallOptions): Promise<AccountRecord | undefined> {
    return isId(id) ? this.#read('findAccount', call, (tables) => findAccountRow(tables, 'id', id)) : undefined;
  }

  async findAccountByName(name: string, call?: SettingsCallOptions): Promise<AccountRecord | undefined> {
    return isName(name) ? this.#read('findAccount', call, (tables) => findAccountRow(tables, 'name_key', nameKeyOf(name))) : undefined;
  }

  async findAccountByOpenId(subject: string, call?: SettingsCallOptions): Promise<AccountRecord | undefined> {
    return isSubject(subject) ? this.#read('findAccount', call, (tables) => findAccountRow(tables, 'openid_subject', subject)) : undefined;
  }

  listAccounts(call?: SettingsCallOptions): Promise<readonly AccountRecord[]> {
    return this.#read('readAccounts', call, listAccountRows);
  }

  async createFirstAccount(account: NewFirstAccount, { signal }: SettingsCallOptions = {}): Promise<AccountRecord> {
    checkName(account.name);
    checkPasswordHash(account.passwordHash);
    return this.#books.change({ operation: 'createFirstAccount', signal }, (change) => createFirstAccount(change, account));
  }

  async createAccount(account: NewAccount, options: ActorOptions): Promise<AccountRecord> {
    const { signal } = checkActorOf(options);
    checkName(account.name);
    checkRole(account.role);
    if (typeof account.openIdSubject === 'string') checkSubject(account.openIdSubject);
    if (typeof account.passwordHash === 'string') checkPasswordHash(account.passwordHash);
    return this.#books.change({ operation: 'createAccount', signal }, (change) => createAccount(change, account, options));
  }

  async updateAccount(id: string, wanted: AccountChange, options: AccountChangeOptions): Promise<AccountRecord> {
    const { signal } = checkActorOf(options);
    if (wanted.role !== undefined) checkRole(wanted.role);
    if (typeof wanted.passwordHash === 'string') checkPasswordHash(wanted.passwordHash);
    if (wanted.lastSignInAtMs !== undefined) checkTime('lastSignInAtMs', wanted.lastSignInAtMs);
    return this.#books.change({ operation: 'changeAccount', signal }, (change) => updateAccount(change, id, wanted, options));
  }

  async removeAccount(id: string, options: ActorOptions): Promise<void> {
    const { signal } = checkActorOf(options);
    await this.#books.change({ operation: 'removeAccount', signal }, (change) => removeAccount(change, id, options));
  }

  async createSession(session: SessionRow, call?: SettingsCallOptions): Promise<void> {
    checkSecretDigest('digest', session.digest);
    checkSecretDigest('csrfDigest', session.csrfDigest);
    checkId('accountId', session.accountId);
    for (const field of ['createdAtMs', 'endsAtMs', 'idleEndsAtMs'] as const) checkTime(field, session[field]);
    await this.#write('createSession', call, (transaction) => insertSessionRow(transaction, session));
  }

  async findSession(digest: string, nowMs: number, call?: SettingsCallOptions) {
    return isDigest(digest) ? this.#read('findSession', call, (tables) => findSessionRow(tables, digest, nowMs)) : undefined;
  }

  async extendSession(digest: string, idleEndsAtMs: number, call?: SettingsCallOptions): Promise<void> {
    checkTime('idleEndsAtMs', idleEndsAtMs);
    if (!isDigest(digest)) return;
    await this.#write('extendSession', call, (transaction) => {
      const update = transaction.updateTable('sandport_account_sessions').set({ idle_ends_at_ms: idleEndsAtMs });
      return update.where('digest', '=', digest).where('idle_ends_at_ms', '<', idleEndsAtMs).execute();
    });
  }

  async endSession(digest: string, call?: SettingsCallOptions): Promise<void> {
    if (!isDigest(digest)) return;
    await this.#write('endSession', call, (transaction) =>
      transaction.deleteFrom('sandport_account_sessions').where('digest', '=', digest).execute(),
    );
  }

  async endSessionsOf(accountId: string, { except, signal }: SettingsCallOptions & { readonly except?: string } = {}): Promise<void> {
    if (except !== undefined) checkSecretDigest('except', except);
    if (!isId(accountId)) return;
    await this.#write('endSessions', { signal }, (transaction) => {
      const removal = transaction.deleteFrom('sandport_account_sessions').where('account_id', '=', accountId);
      return (except === undefined ? removal : removal.where('digest', '<>', except)).execute();
    });
  }

  async removeExpired(nowMs: number, { signal }: SettingsCallOptions = {}): Promise<void> {
    checkTime('nowMs', nowMs);
    await removeExpiredPeople(this.#books.database, { operation: 'removeExpired', signal }, nowMs);
  }

  async createInvitation(invitation: NewInvitation, options: ActorOptions): Promise<void> {
    const { signal } = checkActorOf(options);
    checkSecretDigest('digest', invitation.digest);
    checkTime('endsAtMs', invitation.endsAtMs);
    await this.#books.change({ operation: 'createInvitation', signal }, (change) => createInvitation(change, invitation, options));
  }

  async takeInvitation(digest: string, nowMs: number, { signal }: SettingsCallOptions = {}): Promise<AccountRecord | undefined> {
    if (!isDigest(digest)) return undefined;
    const call = { operation: 'takeInvitation', signal };
    // Whoever guesses must not keep others waiting.
    const invited = await this.#books.database.read(call, (tables) => findInvited(tables, digest, nowMs));
    return invited === undefined ? undefined : this.#books.change(call, (change) => takeInvitation(change, digest, nowMs));
  }

  async createToken(token: NewToken, options: ActorOptions): Promise<TokenRecord> {
    const { signal } = checkActorOf(options);
    checkId('id', token.id);
    checkSecretDigest('digest', token.digest);
    checkName(token.name);
    checkRole(token.role);
    checkActor(token.createdBy);
    if (token.endsAtMs !== null) checkTime('endsAtMs', token.endsAtMs);
    return this.#books.change({ operation: 'createToken', signal }, (change) => createToken(change, token, options));
  }

  async findToken(digest: string, nowMs: number, call?: SettingsCallOptions): Promise<TokenRecord | undefined> {
    return isDigest(digest) ? this.#read('findToken', call, (tables) => findTokenRow(tables, digest, nowMs)) : undefined;
  }

  async touchToken(id: string, nowMs: number, call?: SettingsCallOptions): Promise<void> {
    checkTime('nowMs', nowMs);
    if (isId(id)) await this.#write('touchToken', call, (transaction) => touchTokenRow(transaction, id, nowMs));
  }

  listTokens(call?: SettingsCallOptions): Promise<readonly TokenRecord[]> {
    return this.#read('readTokens', call, listTokenRows);
  }

  async revokeToken(id: string, options: ActorOptions): Promise<void> {
    const { signal } = checkActorOf(options);
    await this.#books.change({ operation: 'revokeToken', signal }, (change) => revokeToken(change, id, options));
  }

  async countFailure(key: string, window: FailureWindow, call?: SettingsCallOptions): Promise<number> {
    checkFailure(key, window);
    return this.#write('countFailure', call, (transaction) => addFailure(transaction, key, window));
  }

  async failuresOf(key: string, window: FailureWindow, call?: SettingsCallOptions): Promise<number> {
    checkFailure(key, window);
    return this.#read('readFailures', call, (tables) => readFailures(tables, key, window));
  }

  async clearFailures(key: string, call?: SettingsCallOptions): Promise<void> {
    checkFailureKey(key);
    await this.#write('clearFailures', call, (transaction) =>
      transaction.deleteFrom('sandport_sign_in_failures').where('key_digest', '=', key).execute(),
    );
  }

  async recordAct(act: Act, { signal }: SettingsCallOptions = {}): Promise<void> {
    checkAct(act);
    await this.#books.change({ operation: 'recordAct', signal }, ({ addAudit }) => addAudit(act.actor, act.action, act.summary));
  }

  #read<Value>(operation: string, { signal }: SettingsCallOptions = {}, work: (tables: Kysely<Tables>) => Promise<Value>): Promise<Value> {
    return this.#books.database.read({ operation, signal }, work);
  }

  #write<Value>(
    operation: string,
    { signal }: SettingsCallOptions = {},
    work: (transaction: Kysely<Tables>) => Promise<Value>,
  ): Promise<Value> {
    return this.#books.database.write({ operation, signal }, work);
  }
}

function checkActorOf<Options extends ActorOptions>(options: Options): Options {
  checkActor(options.actor);
  return options;
}
