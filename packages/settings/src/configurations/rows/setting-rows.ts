import { SandboxError } from '@sandport/core';
import type { Kysely } from 'kysely';
import { kindOf } from '../../database/dialect-kind.ts';
import type { Tables } from '../../database/tables.ts';
import { STATE_ID, stateMissing } from './state-row.ts';
import { changedRows, dataTypeOf, isGovernedSetting, type ConfigurationDocument } from '../configuration-document.ts';

/** What the column `source` says of rows that we write. */
export const SETTING_SOURCE = 'sandport';

/** Rows by name. Some databases hold more than texts in a column of texts. */
export type SandboxRows = ReadonlyMap<string, unknown>;

/** The version in use, and every row that may be one of ours, by name: all from one statement, and so from one moment. */
export async function readStateAndRows(
  tables: Kysely<Tables>,
): Promise<{ readonly activeVersion: number | null; readonly table: SandboxRows }> {
  const rows = await tables
    .selectFrom('sandport_state')
    .leftJoin('system_settings', (join) => join.on('system_settings.name', 'like', 'sandbox.%'))
    .select(['sandport_state.active_version', 'system_settings.name', 'system_settings.value'])
    .where('sandport_state.id', '=', STATE_ID)
    .execute();
  const [first] = rows;
  if (first === undefined) throw stateMissing();
  return {
    activeVersion: first.active_version,
    table: new Map(rows.flatMap(({ name, value }) => (name === null ? [] : [[name, value] as const]))),
  };
}

/** Every row that may be one of ours, by name. Other programs that want to change one of them wait until the transaction ends. */
export async function lockSandboxRows(transaction: Kysely<Tables>): Promise<SandboxRows> {
  const query = transaction.selectFrom('system_settings').select(['name', 'value']).where('name', 'like', 'sandbox.%');
  // SQLite lets one writer in at a time and knows no locks of rows.
  const rows = await (kindOf(transaction) === 'sqlite' ? query : query.forUpdate()).execute();
  return new Map(rows.map(({ name, value }) => [name, value]));
}

/**
 * The governed rows as a document.
 *
 * @throws SandboxError `CONFIG_INVALID` naming a row that holds no text.
 */
export function governedRows(rows: SandboxRows): ConfigurationDocument {
  return new Map([...rows].filter(([name]) => isGovernedSetting(name)).map(([name, value]) => [name, textOf(name, value)]));
}

function textOf(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  // A column of another program's table may allow it, and it says as little as an empty text.
  if (value === null) return '';
  throw new SandboxError('CONFIG_INVALID', `The row "${name}" of the settings does not hold a text.`, {
    operation: 'readSettings',
    suggestion: `Store a text in the column "value" of the row "${name}", or delete the row.`,
    details: { row: name },
  });
}

/**
 * Makes the governed rows those of a document. Rows that are as they should be are not touched.
 *
 * @returns `false` when another program has put a row in that was not there when the rows were locked. Then the transaction must be given up.
 */
export async function replaceGovernedRows(
  transaction: Kysely<Tables>,
  former: ConfigurationDocument,
  next: ConfigurationDocument,
): Promise<boolean> {
  for (const name of changedRows(former, next)) {
    const value = next.get(name);
    if (value === undefined) await removeSetting(transaction, name);
    else if (former.has(name)) await updateSetting(transaction, name, value);
    else if (!(await insertSetting(transaction, name, value))) return false;
  }
  return true;
}

/** Stores a row that only we write. */
export async function putSetting(transaction: Kysely<Tables>, name: string, value: string): Promise<void> {
  const row = settingRow(name, value);
  const insert = transaction.insertInto('system_settings').values({ name, ...row });
  await (
    kindOf(transaction) === 'mysql'
      ? insert.onDuplicateKeyUpdate(row)
      : insert.onConflict((conflict) => conflict.column('name').doUpdateSet(row))
  ).execute();
}

export async function removeSetting(transaction: Kysely<Tables>, name: string): Promise<void> {
  await transaction.deleteFrom('system_settings').where('name', '=', name).execute();
}

export async function updateSetting(transaction: Kysely<Tables>, name: string, value: string): Promise<void> {
  await transaction.updateTable('system_settings').set(settingRow(name, value)).where('name', '=', name).execute();
}

async function insertSetting(transaction: Kysely<Tables>, name: string, value: string): Promise<boolean> {
  const insert = transaction.insertInto('system_settings').values({ name, ...settingRow(name, value) });
  if (kindOf(transaction) === 'mysql') return insertOnMysql(() => insert.execute());
  const { numInsertedOrUpdatedRows } = await insert.onConflict((conflict) => conflict.column('name').doNothing()).executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** `insert ignore` would also cut a value that is too long. Here a failed statement leaves the transaction as it was before it. */
async function insertOnMysql(insert: () => Promise<unknown>): Promise<boolean> {
  try {
    await insert();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ER_DUP_ENTRY') return false;
    throw error;
  }
}

function settingRow(name: string, value: string) {
  return { source: SETTING_SOURCE, data_type: dataTypeOf(name), value };
}
