import type { QueryExecutorProvider } from 'kysely';
import type { DatabaseKind } from './settings-database.ts';

/** What our adapters have beside what Kysely asks of one. */
export interface KindOfAdapter {
  readonly databaseKind: DatabaseKind;
}

/** Which database the statements of this object run on, for the few that differ. */
export function kindOf(tables: QueryExecutorProvider): DatabaseKind {
  const { adapter } = tables.getExecutor();
  if ('databaseKind' in adapter && isKind(adapter.databaseKind)) return adapter.databaseKind;
  throw new TypeError('these tables were not opened by this package');
}

function isKind(value: unknown): value is DatabaseKind {
  return value === 'sqlite' || value === 'postgres' || value === 'mysql';
}
