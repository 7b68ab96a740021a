import { SandboxError, type Setting } from '@sandport/core';
import type { Transaction } from 'kysely';
import { kindOf } from '../dialect-kind.ts';
import type { Tables } from '../tables.ts';
import { selectRows } from './read-rows.ts';
import { checkSettings } from './setting-check.ts';

/**
 * Creates or replaces these rows. Columns that another program added keep what they hold.
 *
 * @throws SandboxError `REQUEST_INVALID` naming the row and the column, for what the table cannot hold exactly as it is.
 */
export async function writeRows(transaction: Transaction<Tables>, settings: readonly Setting[]): Promise<void> {
  checkSettings(settings);
  // Always in the same order, so that two writers of the same rows wait for each other instead of blocking each other.
  const ordered = settings.toSorted((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0));
  for (const setting of ordered) await upsert(transaction, setting);
  if (kindOf(transaction) === 'mysql') await checkNames(transaction, ordered);
}

async function upsert(transaction: Transaction<Tables>, { name, source, dataType, value }: Setting): Promise<void> {
  const row = { source, data_type: dataType, value };
  const insert = transaction.insertInto('system_settings').values({ name, ...row });
  if (kindOf(transaction) === 'mysql') await insert.onDuplicateKeyUpdate(row).execute();
  else await insert.onConflict((conflict) => conflict.column('name').doUpdateSet(row)).execute();
}

/** A table that takes upper and lower case for the same has put the text into another row; the transaction takes it out again. */
async function checkNames(transaction: Transaction<Tables>, settings: readonly Setting[]): Promise<void> {
  const names = settings.map(({ name }) => name);
  const stored = await selectRows(transaction, names);
  const displaced = names.find((name) => !stored.has(name));
  if (displaced === undefined) return;
  throw new SandboxError('REQUEST_INVALID', `name: "${displaced}" is taken by a row whose name the database holds for the same.`, {
    operation: 'writeSettings',
    suggestion: 'Rename that row, or give the column a collation that tells such names apart; nothing was stored.',
    details: { field: 'name', row: displaced },
  });
}
