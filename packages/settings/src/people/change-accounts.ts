import { randomUUID } from 'node:crypto';
import { SandboxError, type JsonObject } from '@sandport/core';
import { findAccountRow, hasAccountRows, hasOtherAdmin, insertAccountRow, updateAccountRow } from './account-rows.ts';
import type { PeopleChange } from './people-books.ts';
import { isId, nameKeyOf, notFound, refuse } from './people-check.ts';
import type { AccountChange, AccountRecord, NewAccount, NewFirstAccount } from './people-records.ts';
import type { AccountChangeOptions, ActorOptions } from './people-store.ts';

/** Makes the first account. @throws SandboxError `CONFIG_CONFLICT` */
export async function createFirstAccount(change: PeopleChange, { name, passwordHash }: NewFirstAccount): Promise<AccountRecord> {
  if (await hasAccountRows(change.transaction)) {
    throw new SandboxError('CONFIG_CONFLICT', 'The first account was made already.', {
      operation: 'createFirstAccount',
      suggestion: 'Sign in with it, or ask an admin for an invitation.',
    });
  }
  return insertAccount(change, { name, role: 'admin', passwordHash }, { actor: name });
}

/** Makes another account. @throws SandboxError `REQUEST_INVALID` */
export async function createAccount(change: PeopleChange, account: NewAccount, options: ActorOptions): Promise<AccountRecord> {
  const { name, openIdSubject } = account;
  if ((await findAccountRow(change.transaction, 'name_key', nameKeyOf(name))) !== undefined) throw refuse('name', 'is taken');
  const isSubjectTaken =
    typeof openIdSubject === 'string' && (await findAccountRow(change.transaction, 'openid_subject', openIdSubject)) !== undefined;
  if (isSubjectTaken) throw refuse('openIdSubject', 'belongs to another account');
  return insertAccount(change, account, options);
}

async function insertAccount(
  { transaction, nowMs, addAudit }: PeopleChange,
  { name, role, passwordHash = null, openIdSubject = null }: NewAccount,
  { actor }: ActorOptions,
): Promise<AccountRecord> {
  const id = randomUUID();
  const account = { id, name, role, passwordHash, openIdSubject, isDisabled: false, createdAtMs: nowMs, lastSignInAtMs: null };
  await insertAccountRow(transaction, account);
  await addAudit(actor, 'create-account', { account: name, role });
  return account;
}

/** Changes an account. @throws SandboxError `CONFIG_MISSING`, `CONFIG_CONFLICT` */
export async function updateAccount(
  change: PeopleChange,
  id: string,
  wanted: AccountChange,
  { actor, action = 'change-account' }: AccountChangeOptions,
): Promise<AccountRecord> {
  const former = await getAccount(change, id);
  const next: AccountRecord = {
    ...former,
    role: wanted.role ?? former.role,
    isDisabled: wanted.isDisabled ?? former.isDisabled,
    passwordHash: wanted.passwordHash === undefined ? former.passwordHash : wanted.passwordHash,
    lastSignInAtMs: wanted.lastSignInAtMs ?? former.lastSignInAtMs,
  };
  if (isEnabledAdmin(former) && !isEnabledAdmin(next)) await refuseLastAdmin(change, former);
  await updateAccountRow(change.transaction, next);
  if (next.isDisabled && !former.isDisabled) await removeSessionsOf(change, id);
  await change.addAudit(actor, action, summaryOf(former, next));
  return next;
}

/** Removes an account with all that belongs to it. @throws SandboxError `CONFIG_MISSING`, `CONFIG_CONFLICT` */
export async function removeAccount(change: PeopleChange, id: string, { actor }: ActorOptions): Promise<void> {
  const account = await getAccount(change, id);
  if (isEnabledAdmin(account)) await refuseLastAdmin(change, account);
  await removeSessionsOf(change, id);
  await change.transaction.deleteFrom('sandport_invitations').where('account_id', '=', id).execute();
  await change.transaction.deleteFrom('sandport_accounts').where('id', '=', id).execute();
  await change.addAudit(actor, 'remove-account', { account: account.name, role: account.role });
}

/** @throws SandboxError `CONFIG_MISSING` */
export async function getAccount({ transaction }: PeopleChange, id: string): Promise<AccountRecord> {
  const account = isId(id) ? await findAccountRow(transaction, 'id', id) : undefined;
  if (account === undefined) throw notFound('account');
  return account;
}

function isEnabledAdmin({ role, isDisabled }: AccountRecord): boolean {
  return role === 'admin' && !isDisabled;
}

async function refuseLastAdmin({ transaction }: PeopleChange, { id, name }: AccountRecord): Promise<void> {
  if (await hasOtherAdmin(transaction, id)) return;
  throw new SandboxError('CONFIG_CONFLICT', `"${name}" is the last admin who can sign in, and stays one.`, {
    operation: 'changePeople',
    suggestion: 'Make somebody else an admin before, and let that one sign in.',
    details: { account: id },
  });
}

async function removeSessionsOf({ transaction }: PeopleChange, id: string): Promise<void> {
  await transaction.deleteFrom('sandport_account_sessions').where('account_id', '=', id).execute();
}

/** What changed, for the audit: never a hash. */
function summaryOf(former: AccountRecord, next: AccountRecord): JsonObject {
  const password = next.passwordHash === null ? 'removed' : 'set';
  return {
    account: next.name,
    ...(next.role === former.role ? {} : { role: next.role, formerRole: former.role }),
    ...(next.isDisabled === former.isDisabled ? {} : { isDisabled: next.isDisabled }),
    ...(next.passwordHash === former.passwordHash ? {} : { password }),
  };
}
