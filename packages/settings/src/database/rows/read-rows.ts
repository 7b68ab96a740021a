import { SandboxError, type Setting } from '@sandport/core';
import type { Kysely } from 'kysely';
import type { DatabaseCall, SettingsDatabase } from '../settings-database.ts';
import type { SystemSettingsTable, Tables } from '../tables.ts';
import { checkSettingName } from './setting-check.ts';

/**
 * The rows that exist among these names, seen from one moment. Missing names are absent from the map.
 *
 * @throws SandboxError `REQUEST_INVALID` for a name that the table cannot hold, `CONFIG_INVALID` for a row that holds no text.
 */
export async function readRows(
  database: SettingsDatabase,
  names: readonly string[],
  call: Partial<DatabaseCall> = {},
): Promise<ReadonlyMap<string, Setting>> {
  for (const name of names) checkSettingName(name);
  return database.read({ operation: 'readSettings', ...call }, (tables) => selectRows(tables, names));
}

/** {@link readRows} for those who are inside a transaction already. */
export async function selectRows(tables: Kysely<Tables>, names: readonly string[]): Promise<ReadonlyMap<string, Setting>> {
  if (names.length === 0) return new Map();
  const rows = await tables
    .selectFrom('system_settings')
    .select(['name', 'source', 'data_type', 'value'])
    .where('name', 'in', [...names])
    .execute();
  // A table that another program made may take upper and lower case for the same.
  return new Map(rows.filter(({ name }) => names.includes(name)).map((row) => [row.name, toSetting(row)]));
}

function toSetting(row: SystemSettingsTable): Setting {
  // SQLite keeps whatever type another program stored, and another program's column may be empty: the column's type proves nothing.
  if (typeof row.value !== 'string') {
    throw new SandboxError('CONFIG_INVALID', `The row "${row.name}" of the settings does not hold a text.`, {
      operation: 'readSettings',
      suggestion: `Store the row "${row.name}" again with \`sandport config set\` or \`sandport config use\`.`,
      details: { row: row.name },
    });
  }
  return { name: row.name, source: String(row.source), dataType: String(row.data_type), value: row.value };
}
