import type { Kysely, Migration } from 'kysely';
import { columnTypesOf } from './column-types.ts';

/** What clients report of their calls. As with the first tables, each step may have been done already. */
export const usageMigration: Migration = { up, down };

async function up(tables: Kysely<unknown>): Promise<void> {
  const types = await columnTypesOf(tables);
  const table = tables.schema
    .createTable('sandport_usage')
    .ifNotExists()
    .addColumn('minute_ms', 'bigint', (column) => column.notNull())
    .addColumn('provider_id', 'varchar(128)', (column) => column.notNull())
    .addColumn('client_id', 'varchar(64)', (column) => column.notNull())
    .addColumn('reported_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('calls', 'bigint', (column) => column.notNull())
    .addColumn('counts', types.longText, (column) => column.notNull())
    // In this order it also serves those who look for a time.
    .addPrimaryKeyConstraint('sandport_usage_key', ['minute_ms', 'provider_id', 'client_id']);
  await types.complete(table).execute();
  const hours = tables.schema
    .createTable('sandport_usage_hours')
    .ifNotExists()
    .addColumn('hour_ms', 'bigint', (column) => column.notNull())
    .addColumn('provider_id', 'varchar(128)', (column) => column.notNull())
    .addColumn('client_id', 'varchar(64)', (column) => column.notNull())
    .addColumn('counts', types.longText, (column) => column.notNull())
    .addPrimaryKeyConstraint('sandport_usage_hours_key', ['hour_ms', 'provider_id', 'client_id']);
  await types.complete(hours).execute();
}

async function down(tables: Kysely<unknown>): Promise<void> {
  await tables.schema.dropTable('sandport_usage_hours').ifExists().execute();
  await tables.schema.dropTable('sandport_usage').ifExists().execute();
}
