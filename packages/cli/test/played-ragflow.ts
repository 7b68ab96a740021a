import { openSqliteDatabase } from '@sandport/settings';

/** A file in the shape of RAGFlow's database, which has no table of Sandport. */
export async function createRagflow(path: string, rows: Readonly<Record<string, string>>): Promise<void> {
  const database = openSqliteDatabase({ path });
  await database.read({ operation: 'test', anySchema: true }, async (tables) => {
    await tables.schema
      .createTable('system_settings')
      .addColumn('name', 'varchar(128)', (column) => column.primaryKey())
      .addColumn('source', 'varchar(32)')
      .addColumn('data_type', 'varchar(32)')
      .addColumn('value', 'text')
      .execute();
    for (const [name, value] of Object.entries(rows)) {
      const dataType = value.startsWith('{') ? 'json' : 'string';
      await tables.insertInto('system_settings').values({ name, source: 'variable', data_type: dataType, value }).execute();
    }
  });
  await database.close();
}
