import type { Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';
import { nameKeyOf, roleSchema } from './people-check.ts';
import type { AccountRecord } from './people-records.ts';

/** Columns by which one account is found. */
type AccountKey = 'id' | 'name_key' | 'openid_subject';

export async function findAccountRow(tables: Kysely<Tables>, column: AccountKey, value: string): Promise<AccountRecord | undefined> {
  const row = await tables.selectFrom('sandport_accounts').selectAll().where(column, '=', value).executeTakeFirst();
  return row === undefined ? undefined : toAccount(row);
}

export async function hasAccountRows(tables: Kysely<Tables>): Promise<boolean> {
  return (await tables.selectFrom('sandport_accounts').select('id').limit(1).executeTakeFirst()) !== undefined;
}

export async function listAccountRows(tables: Kysely<Tables>): Promise<AccountRecord[]> {
  const rows = await tables.selectFrom('sandport_accounts').selectAll().orderBy('created_at_ms').orderBy('name_key').execute();
  return rows.map(toAccount);
}

export async function insertAccountRow(transaction: Kysely<Tables>, account: AccountRecord): Promise<void> {
  await transaction
    .insertInto('sandport_accounts')
    .values({
      id: account.id,
      name: account.name,
      name_key: nameKeyOf(account.name),
      role: account.role,
      password_hash: account.passwordHash,
      openid_subject: account.openIdSubject,
      is_disabled: account.isDisabled ? 1 : 0,
      created_at_ms: account.createdAtMs,
      last_sign_in_at_ms: account.lastSignInAtMs,
    })
    .execute();
}

/** Stores what can be changed of an account. */
export async function updateAccountRow(transaction: Kysely<Tables>, account: AccountRecord): Promise<void> {
  await transaction
    .updateTable('sandport_accounts')
    .set({
      role: account.role,
      password_hash: account.passwordHash,
      is_disabled: account.isDisabled ? 1 : 0,
      last_sign_in_at_ms: account.lastSignInAtMs,
    })
    .where('id', '=', account.id)
    .execute();
}

/** Whether there is another admin who is enabled and can sign in. One who was only invited may never come. */
export async function hasOtherAdmin(transaction: Kysely<Tables>, id: string): Promise<boolean> {
  const row = await transaction
    .selectFrom('sandport_accounts')
    .select('id')
    .where('role', '=', 'admin')
    .where('is_disabled', '=', 0)
    .where('id', '<>', id)
    .where((column) => column.or([column('password_hash', 'is not', null), column('openid_subject', 'is not', null)]))
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** The record of a row. */
export function toAccount(row: Tables['sandport_accounts']): AccountRecord {
  return {
    id: row.id,
    name: row.name,
    role: roleSchema.parse(row.role),
    passwordHash: row.password_hash,
    openIdSubject: row.openid_subject,
    isDisabled: row.is_disabled !== 0,
    createdAtMs: row.created_at_ms,
    lastSignInAtMs: row.last_sign_in_at_ms,
  };
}
