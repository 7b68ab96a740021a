import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { openSqliteDatabase } from '@sandport/settings';

/** The governed rows of a settings file, as they stand there. */
export async function storedRows(path: string): Promise<Record<string, string>> {
  const database = openSqliteDatabase({ path });
  try {
    const rows = await database.read({ operation: 'test' }, (tables) => tables.selectFrom('system_settings').selectAll().execute());
    return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
  } finally {
    await database.close();
  }
}

/** Writes rows as another program would: directly, and without a version. */
export async function storeRows(path: string, rows: Readonly<Record<string, string>>): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const database = openSqliteDatabase({ path });
  try {
    await database.write({ operation: 'test' }, async (transaction) => {
      for (const [name, value] of Object.entries(rows)) {
        const row = { source: 'test', data_type: name === 'sandbox.provider_type' ? 'string' : 'json', value };
        const insert = transaction.insertInto('system_settings').values({ name, ...row });
        await insert.onConflict((conflict) => conflict.column('name').doUpdateSet(row)).execute();
      }
    });
  } finally {
    await database.close();
  }
}

/** Every text of every table, for a search of what must not be there. */
export async function everythingStored(path: string): Promise<string> {
  const database = openSqliteDatabase({ path });
  try {
    return await database.read({ operation: 'test' }, async (tables) => {
      const names = ['system_settings', 'sandport_versions', 'sandport_audit', 'sandport_passports'] as const;
      const contents = await Promise.all(names.map((name) => tables.selectFrom(name).selectAll().execute()));
      return JSON.stringify(contents);
    });
  } finally {
    await database.close();
  }
}
