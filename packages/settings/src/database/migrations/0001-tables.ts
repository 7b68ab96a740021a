import { sql, type CreateTableBuilder, type Kysely, type Migration } from 'kysely';
import { columnTypesOf, type ColumnTypes } from './column-types.ts';

/** The first tables. Each step may have been done already: not every database can take a table back when the one after it fails. */
export const tablesMigration: Migration = { up, down };

type Columns = CreateTableBuilder<string, string>;

/** Every table that is Sandport's own, with its columns and keys. */
const OWN_TABLES: Readonly<Record<string, (table: Columns, types: ColumnTypes) => Columns>> = {
  sandport_state: (table) =>
    table
      .addColumn('id', 'integer', (column) => column.primaryKey().notNull())
      .addColumn('active_version', 'bigint')
      .addColumn('last_version', 'bigint', (column) => column.notNull())
      .addColumn('last_audit', 'bigint', (column) => column.notNull()),
  sandport_versions: (table, { longText }) =>
    table
      .addColumn('number', 'bigint', (column) => column.primaryKey().notNull())
      .addColumn('parent', 'bigint')
      .addColumn('state', 'varchar(32)', (column) => column.notNull())
      .addColumn('author', longText, (column) => column.notNull())
      .addColumn('reason', longText, (column) => column.notNull())
      .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('activated_at_ms', 'bigint')
      .addColumn('document', longText, (column) => column.notNull()),
  sandport_audit: (table, { longText }) =>
    table
      .addColumn('sequence', 'bigint', (column) => column.primaryKey().notNull())
      .addColumn('at_ms', 'bigint', (column) => column.notNull())
      .addColumn('actor', longText, (column) => column.notNull())
      .addColumn('action', 'varchar(64)', (column) => column.notNull())
      .addColumn('version', 'bigint')
      .addColumn('summary', longText, (column) => column.notNull()),
  sandport_passports: (table, { longText }) =>
    table
      .addColumn('provider_id', 'varchar(128)', (column) => column.notNull())
      .addColumn('config_digest', 'varchar(64)', (column) => column.notNull())
      .addColumn('made_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('document', longText, (column) => column.notNull())
      .addPrimaryKeyConstraint('sandport_passports_key', ['provider_id', 'config_digest', 'made_at_ms']),
  sandport_idempotency: (table, { longText }) =>
    table
      .addColumn('key_digest', 'varchar(64)', (column) => column.primaryKey().notNull())
      .addColumn('request_digest', 'varchar(64)', (column) => column.notNull())
      .addColumn('state', 'varchar(32)', (column) => column.notNull())
      .addColumn('owner', 'varchar(255)', (column) => column.notNull())
      .addColumn('beat', 'bigint', (column) => column.notNull())
      .addColumn('expires_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('outcome', longText),
  sandport_sessions: (table, { longText }) =>
    table
      .addColumn('key_digest', 'varchar(64)', (column) => column.primaryKey().notNull())
      .addColumn('revision', 'bigint', (column) => column.notNull())
      .addColumn('provider_id', 'varchar(128)', (column) => column.notNull())
      .addColumn('config_digest', 'varchar(64)', (column) => column.notNull())
      .addColumn('sandbox_id', longText, (column) => column.notNull())
      .addColumn('language', 'varchar(32)', (column) => column.notNull())
      .addColumn('expires_at_ms', 'bigint', (column) => column.notNull()),
};

async function up(tables: Kysely<unknown>): Promise<void> {
  const types = await columnTypesOf(tables);
  const create = (name: string, columns: (table: Columns, types: ColumnTypes) => Columns) =>
    types.complete(columns(tables.schema.createTable(name).ifNotExists(), types)).execute();
  await create('system_settings', settingsColumns);
  for (const [name, columns] of Object.entries(OWN_TABLES)) await create(name, columns);
  const { rows } = await sql`select id from sandport_state where id = 1`.execute(tables);
  if (rows.length > 0) return;
  await sql`insert into sandport_state (id, active_version, last_version, last_audit) values (1, null, 0, 0)`.execute(tables);
}

/** RAGFlow's table is only made where there is none, and stays: it holds the configuration, and may be RAGFlow's. */
function settingsColumns(table: Columns, { longText }: ColumnTypes): Columns {
  return table
    .addColumn('name', 'varchar(128)', (column) => column.primaryKey().notNull())
    .addColumn('source', 'varchar(32)', (column) => column.notNull())
    .addColumn('data_type', 'varchar(32)', (column) => column.notNull())
    .addColumn('value', longText, (column) => column.notNull());
}

async function down(tables: Kysely<unknown>): Promise<void> {
  for (const name of Object.keys(OWN_TABLES)) await tables.schema.dropTable(name).ifExists().execute();
}
