import type { Migration } from 'kysely';
import { tablesMigration } from './0001-tables.ts';
import { peopleMigration } from './0002-people.ts';
import { usageMigration } from './0003-usage.ts';

/** Every migration by its name, in the order of the names. One that was ever released is never changed. */
export const ALL_MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-tables': tablesMigration,
  '0002-people': peopleMigration,
  '0003-usage': usageMigration,
};
