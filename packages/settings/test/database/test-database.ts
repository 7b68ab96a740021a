import { SandboxError, type Setting } from '@sandport/core';
import { migrateUp, openDatabase, type DatabaseOptions, type SettingsDatabase } from '../../src/index.ts';
import type { TestDatabase } from '../databases.ts';

/** An empty database with its tables, and one way into it. */
export interface MigratedDatabase {
  readonly location: string;
  readonly database: SettingsDatabase;
  /** Another way into it, as another process would have. It is closed with all the others. */
  readonly openAnother: (options?: DatabaseOptions, location?: string) => SettingsDatabase;
  readonly remove: () => Promise<void>;
}

/** Makes a database, migrates it, and opens it. */
export async function createMigrated(create: () => Promise<TestDatabase>, options: DatabaseOptions = {}): Promise<MigratedDatabase> {
  const { location, drop } = await create();
  const opened: SettingsDatabase[] = [];
  const openAnother = (otherOptions: DatabaseOptions = {}, through = location) => {
    const database = openDatabase(through, otherOptions);
    opened.push(database);
    return database;
  };
  const database = openAnother(options);
  await migrateUp(database);
  const remove = async () => {
    for (const each of opened) await each.close();
    await drop();
  };
  return { location, database, openAnother, remove };
}

export function row(name: string, value: string): Setting {
  return { name, source: 'test', dataType: 'string', value };
}

/** What a call was refused with. */
export async function failureOf(promise: Promise<unknown>): Promise<SandboxError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!SandboxError.isInstance(error)) throw new Error('a SandboxError was expected', { cause: error });
  return error;
}
