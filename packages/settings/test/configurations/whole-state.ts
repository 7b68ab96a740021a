import type { Kysely } from 'kysely';
import { expect } from 'vitest';
import { isGovernedSetting } from '../../src/configurations/configuration-document.ts';
import type { Tables } from '../../src/database/tables.ts';
import type { SettingsDatabase } from '../../src/index.ts';

/** What a whole state says of itself. */
export interface WholeState {
  readonly active: number | null;
  readonly lastVersion: number;
}

/**
 * Looks into the tables and proves that they tell of one version: state, rows in use, the row that names the version, the states of versions, and an audit entry for everything that was done.
 * It reads them by its own means, from one moment.
 */
export function expectWholeState(database: SettingsDatabase): Promise<WholeState> {
  return database.write({ operation: 'test' }, async (transaction) => {
    // With it no other process is in the middle of a change.
    await transaction.updateTable('sandport_state').set({ id: 1 }).where('id', '=', 1).execute();
    return lookAt(transaction);
  });
}

async function lookAt(tables: Kysely<Tables>): Promise<WholeState> {
  const state = await tables.selectFrom('sandport_state').selectAll().executeTakeFirstOrThrow();
  const versions = await tables.selectFrom('sandport_versions').selectAll().orderBy('number').execute();
  const audit = await tables.selectFrom('sandport_audit').selectAll().orderBy('sequence').execute();
  const rows = await tables.selectFrom('system_settings').select(['name', 'value']).execute();
  const active = versions.find(({ number }) => number === state.active_version);

  expect(versions.map(({ number }) => number)).toEqual(Array.from({ length: state.last_version }, (_, index) => index + 1));
  expect(audit.map(({ sequence }) => sequence)).toEqual(Array.from({ length: state.last_audit }, (_, index) => index + 1));
  expect(versions.filter((version) => version.state === 'active').map(({ number }) => number)).toEqual([state.active_version]);
  const inUse = Object.fromEntries(rows.filter(({ name }) => isGovernedSetting(name)).map(({ name, value }) => [name, value]));
  expect(inUse).toEqual(JSON.parse(active?.document ?? '{}'));
  expect(rows.find(({ name }) => name === 'sandbox.version')?.value).toBe(JSON.stringify({ number: state.active_version }));

  const activated = audit
    .filter(({ action }) => action === 'activate' || action === 'change' || action === 'roll-back')
    .map(({ version }) => version);
  expect(activated.at(-1)).toBe(state.active_version);
  expect(activated).toEqual(versions.filter(({ activated_at_ms: atMs }) => atMs !== null).map(({ number }) => number));
  const drafted = audit.filter(({ action }) => action === 'draft').map(({ version }) => version);
  const unused = versions.filter((version) => version.state === 'draft').map(({ number }) => number);
  expect(drafted).toEqual(expect.arrayContaining(unused));
  return { active: state.active_version, lastVersion: state.last_version };
}
