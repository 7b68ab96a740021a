import type { Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';
import { toAccount } from './account-rows.ts';
import { getAccount } from './change-accounts.ts';
import type { PeopleChange } from './people-books.ts';
import type { AccountRecord, NewInvitation } from './people-records.ts';
import type { ActorOptions } from './people-store.ts';

/** Makes an invitation in place of a former one. @throws SandboxError `CONFIG_MISSING` */
export async function createInvitation(
  change: PeopleChange,
  { digest, accountId, endsAtMs }: NewInvitation,
  { actor }: ActorOptions,
): Promise<void> {
  const account = await getAccount(change, accountId);
  const { transaction } = change;
  await transaction.deleteFrom('sandport_invitations').where('account_id', '=', accountId).execute();
  await transaction.insertInto('sandport_invitations').values({ account_id: accountId, digest, ends_at_ms: endsAtMs }).execute();
  await change.addAudit(actor, 'create-invitation', { account: account.name, endsAtMs });
}

/** Whom an invitation is for that can be used now. */
export async function findInvited(tables: Kysely<Tables>, digest: string, nowMs: number): Promise<AccountRecord | undefined> {
  const row = await tables
    .selectFrom('sandport_invitations as invitation')
    .innerJoin('sandport_accounts as account', 'account.id', 'invitation.account_id')
    .selectAll('account')
    .where('invitation.digest', '=', digest)
    .where('invitation.ends_at_ms', '>', nowMs)
    .where('account.is_disabled', '=', 0)
    .executeTakeFirst();
  return row === undefined ? undefined : toAccount(row);
}

/** Uses an invitation up. While the books are held nobody else can. */
export async function takeInvitation(change: PeopleChange, digest: string, nowMs: number): Promise<AccountRecord | undefined> {
  const account = await findInvited(change.transaction, digest, nowMs);
  if (account === undefined) return undefined;
  await change.transaction.deleteFrom('sandport_invitations').where('digest', '=', digest).execute();
  await change.addAudit(account.name, 'take-invitation', { account: account.name });
  return account;
}
