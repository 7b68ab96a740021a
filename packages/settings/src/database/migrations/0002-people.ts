import type { CreateTableBuilder, Kysely, Migration } from 'kysely';
import { columnTypesOf, type ColumnTypes } from './column-types.ts';

/** Who may enter the admin app. As with the first tables, each step may have been done already. */
export const peopleMigration: Migration = { up, down };

type Columns = CreateTableBuilder<string, string>;

const TABLES: Readonly<Record<string, (table: Columns, types: ColumnTypes) => Columns>> = {
  sandport_accounts: (table, { longText }) =>
    table
      .addColumn('id', 'varchar(64)', (column) => column.primaryKey().notNull())
      .addColumn('name', longText, (column) => column.notNull())
      .addColumn('name_key', 'varchar(255)', (column) => column.notNull().unique())
      .addColumn('role', 'varchar(32)', (column) => column.notNull())
      .addColumn('password_hash', longText)
      .addColumn('openid_subject', 'varchar(512)', (column) => column.unique())
      .addColumn('is_disabled', 'integer', (column) => column.notNull())
      .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('last_sign_in_at_ms', 'bigint'),
  sandport_account_sessions: (table) =>
    table
      .addColumn('digest', 'varchar(64)', (column) => column.primaryKey().notNull())
      .addColumn('account_id', 'varchar(64)', (column) => column.notNull())
      .addColumn('csrf_digest', 'varchar(64)', (column) => column.notNull())
      .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('ends_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('idle_ends_at_ms', 'bigint', (column) => column.notNull()),
  sandport_invitations: (table) =>
    table
      .addColumn('account_id', 'varchar(64)', (column) => column.primaryKey().notNull())
      .addColumn('digest', 'varchar(64)', (column) => column.notNull().unique())
      .addColumn('ends_at_ms', 'bigint', (column) => column.notNull()),
  sandport_tokens: (table, { longText }) =>
    table
      .addColumn('id', 'varchar(64)', (column) => column.primaryKey().notNull())
      .addColumn('digest', 'varchar(64)', (column) => column.notNull().unique())
      .addColumn('name', longText, (column) => column.notNull())
      .addColumn('role', 'varchar(32)', (column) => column.notNull())
      .addColumn('created_by', longText, (column) => column.notNull())
      .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('ends_at_ms', 'bigint')
      .addColumn('last_used_at_ms', 'bigint'),
  sandport_sign_in_failures: (table) =>
    table
      .addColumn('key_digest', 'varchar(128)', (column) => column.primaryKey().notNull())
      .addColumn('failures', 'bigint', (column) => column.notNull())
      .addColumn('began_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('ends_at_ms', 'bigint', (column) => column.notNull()),
};

async function up(tables: Kysely<unknown>): Promise<void> {
  const types = await columnTypesOf(tables);
  for (const [name, columns] of Object.entries(TABLES)) {
    await types.complete(columns(tables.schema.createTable(name).ifNotExists(), types)).execute();
  }
}

async function down(tables: Kysely<unknown>): Promise<void> {
  for (const name of Object.keys(TABLES)) await tables.schema.dropTable(name).ifExists().execute();
}
