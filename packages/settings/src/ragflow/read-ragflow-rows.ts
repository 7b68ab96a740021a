import { SandboxError, type Setting, type SettingsCallOptions } from '@sandport/core';
import { readRows } from '../database/rows/read-rows.ts';
import type { SettingsDatabase } from '../database/settings-database.ts';
import { RAGFLOW_ROWS } from './translate-ragflow-rows.ts';

const READ_RAGFLOW = 'readRagflow';

/**
 * The rows of a RAGFlow installation that can concern sandboxes. Nothing is written, and no table of Sandport is needed there.
 *
 * @throws SandboxError `CONFIG_MISSING` when the database is not one of RAGFlow's, or has none of these rows; and what the database throws.
 */
export async function readRagflowRows(
  database: SettingsDatabase,
  { signal }: SettingsCallOptions = {},
): Promise<ReadonlyMap<string, Setting>> {
  let rows: ReadonlyMap<string, Setting>;
  try {
    rows = await readRows(database, RAGFLOW_ROWS, { operation: READ_RAGFLOW, anySchema: true, signal });
  } catch (error) {
    if (!SandboxError.isInstance(error) || error.code !== 'SETTINGS_SCHEMA_MISMATCH') throw error;
    throw notRagflow(`The database "${database.location}" has no table "system_settings" in RAGFlow's shape.`, error);
  }
  // In the order in which they are known here, whatever the database gives.
  if (rows.size > 0) return new Map(RAGFLOW_ROWS.flatMap((name) => entryOf(rows, name)));
  throw notRagflow(`The table "system_settings" of "${database.location}" has no row about sandboxes.`);
}

function entryOf(rows: ReadonlyMap<string, Setting>, name: string): [string, Setting][] {
  const row = rows.get(name);
  return row === undefined ? [] : [[name, row]];
}

function notRagflow(message: string, cause?: unknown): SandboxError {
  return new SandboxError('CONFIG_MISSING', message, {
    operation: READ_RAGFLOW,
    suggestion: 'Name the database of the RAGFlow installation, the one in its service_conf.yaml; nothing was changed.',
    ...(cause === undefined ? {} : { cause }),
  });
}
