import { SandboxError } from '@sandport/core';
import type { Kysely } from 'kysely';
import type { Tables } from '../../database/tables.ts';

/** Of the one row. */
export const STATE_ID = 1;

/** What the numbers of versions and audit entries have come to. */
export interface ConfigurationState {
  readonly activeVersion: number | null;
  readonly lastVersion: number;
  readonly lastAudit: number;
}

/** Waits until no other transaction changes the configuration, keeps all others waiting until this one ends, and gives what they left. @throws SandboxError `SETTINGS_SCHEMA_MISMATCH` */
export async function lockState(transaction: Kysely<Tables>): Promise<ConfigurationState> {
  // Also a change that changes nothing locks the row.
  await transaction.updateTable('sandport_state').set({ id: STATE_ID }).where('id', '=', STATE_ID).execute();
  const row = await transaction
    .selectFrom('sandport_state')
    .select(['active_version', 'last_version', 'last_audit'])
    .where('id', '=', STATE_ID)
    .executeTakeFirst();
  if (row === undefined) throw stateMissing();
  return { activeVersion: row.active_version, lastVersion: row.last_version, lastAudit: row.last_audit };
}

export async function writeState(transaction: Kysely<Tables>, state: ConfigurationState): Promise<void> {
  await transaction
    .updateTable('sandport_state')
    .set({ active_version: state.activeVersion, last_version: state.lastVersion, last_audit: state.lastAudit })
    .where('id', '=', STATE_ID)
    .execute();
}

export function stateMissing(): SandboxError {
  return new SandboxError('SETTINGS_SCHEMA_MISMATCH', 'The table "sandport_state" has lost its row.', {
    operation: 'readState',
    suggestion: 'Restore the database from a backup; the configuration in use is in "system_settings" still.',
  });
}
