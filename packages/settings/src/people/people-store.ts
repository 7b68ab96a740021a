import type { JsonObject, SettingsCallOptions } from '@sandport/core';
import type { AuditAction } from '../configurations/rows/audit-rows.ts';
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

/** Who changes something, for the audit. */
export interface ActorOptions extends SettingsCallOptions {
  /** Up to 255 characters. */
  readonly actor: string;
}

/** A change of an account. */
export interface AccountChangeOptions extends ActorOptions {
  /** What the audit calls it. @default 'change-account' */
  readonly action?: AuditAction;
}

/** Something that was done and is only to be written down. */
export interface Act {
  readonly actor: string;
  readonly action: AuditAction;
  /** Without secrets; up to 16 KiB as JSON. */
  readonly summary: JsonObject;
}

/**
 * Who may enter the admin app, shared by all processes at one database. It never sees a secret: callers hand over digests (SHA-256 in hexadecimal digits) and hashes of passwords.
 *
 * Changes of accounts, invitations and tokens write an audit entry in the same transaction and wait for each other, so that the database decides which of two at one moment was
 * first. Beside what a method names, all of them throw `SETTINGS_UNAVAILABLE`, `SETTINGS_SCHEMA_MISMATCH`, `CANCELLED`, and `REQUEST_INVALID` for what the tables cannot hold.
 * Who cannot be found is `CONFIG_MISSING` where something was to be changed, and `undefined` where it was looked up.
 */
export interface PeopleStore {
  hasAccounts(call?: SettingsCallOptions): Promise<boolean>;
  findAccount(id: string, call?: SettingsCallOptions): Promise<AccountRecord | undefined>;
  findAccountByName(name: string, call?: SettingsCallOptions): Promise<AccountRecord | undefined>;
  findAccountByOpenId(subject: string, call?: SettingsCallOptions): Promise<AccountRecord | undefined>;
  /** Every account, the oldest first. */
  listAccounts(call?: SettingsCallOptions): Promise<readonly AccountRecord[]>;
  /** Makes the first account, an admin. @throws SandboxError `CONFIG_CONFLICT` when there is an account. */
  createFirstAccount(account: NewFirstAccount, call?: SettingsCallOptions): Promise<AccountRecord>;
  /** @throws SandboxError `REQUEST_INVALID` with `details.field` `name` or `openIdSubject` when it is taken. */
  createAccount(account: NewAccount, options: ActorOptions): Promise<AccountRecord>;
  /**
   * Changes an account. Disabling it also ends its sessions.
   *
   * @throws SandboxError `CONFIG_CONFLICT` when no enabled admin that can sign in would be left.
   */
  updateAccount(id: string, change: AccountChange, options: AccountChangeOptions): Promise<AccountRecord>;
  /** Removes an account with its sessions and its invitation. @throws SandboxError `CONFIG_CONFLICT` as {@link PeopleStore.updateAccount}. */
  removeAccount(id: string, options: ActorOptions): Promise<void>;

  createSession(session: SessionRow, call?: SettingsCallOptions): Promise<void>;
  /** A session with its account; `undefined` when it ended, its time is over, or the account is disabled. */
  findSession(
    digest: string,
    nowMs: number,
    call?: SettingsCallOptions,
  ): Promise<{ readonly session: SessionRow; readonly account: AccountRecord } | undefined>;
  /** Lets a session last longer without being used. It never shortens it, nor moves its end. */
  extendSession(digest: string, idleEndsAtMs: number, call?: SettingsCallOptions): Promise<void>;
  endSession(digest: string, call?: SettingsCallOptions): Promise<void>;
  /** Ends every session of an account, but for one. */
  endSessionsOf(accountId: string, options?: SettingsCallOptions & { readonly except?: string }): Promise<void>;
  /** Removes sessions, invitations and counted failures whose time is over, up to 500 of each. */
  removeExpired(nowMs: number, call?: SettingsCallOptions): Promise<void>;

  /** Makes an invitation; a former one of the account is worth nothing then. */
  createInvitation(invitation: NewInvitation, options: ActorOptions): Promise<void>;
  /** Uses an invitation up. Of several that try it at one moment one gets the account. */
  takeInvitation(digest: string, nowMs: number, call?: SettingsCallOptions): Promise<AccountRecord | undefined>;

  createToken(token: NewToken, options: ActorOptions): Promise<TokenRecord>;
  /** `undefined` when it was revoked or its time is over. */
  findToken(digest: string, nowMs: number, call?: SettingsCallOptions): Promise<TokenRecord | undefined>;
  /** Remembers that a token was used. */
  touchToken(id: string, nowMs: number, call?: SettingsCallOptions): Promise<void>;
  /** Every token that was not revoked, the oldest first; also those whose time is over. */
  listTokens(call?: SettingsCallOptions): Promise<readonly TokenRecord[]>;
  revokeToken(id: string, options: ActorOptions): Promise<void>;

  /** Counts a failure, and gives how many there were in the window with it. The window begins with the first. @param key what is counted by: up to 128 characters without what was typed. */
  countFailure(key: string, window: FailureWindow, call?: SettingsCallOptions): Promise<number>;
  failuresOf(key: string, window: FailureWindow, call?: SettingsCallOptions): Promise<number>;
  clearFailures(key: string, call?: SettingsCallOptions): Promise<void>;

  /** Writes down what was done. Entries are never removed: who calls it for strangers must limit how often. */
  recordAct(act: Act, call?: SettingsCallOptions): Promise<void>;
}
