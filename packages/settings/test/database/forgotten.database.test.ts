import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eachDatabase } from '../databases.ts';
import { buildSettings, startSettingsProcess } from './settings-process.ts';
import { createMigrated, type MigratedDatabase } from './test-database.ts';

beforeAll(buildSettings, 120_000);

describe.each(eachDatabase)('an open database in $kind', ({ create }) => {
  let migrated: MigratedDatabase;

  beforeEach(async () => {
    migrated = await createMigrated(create);
  });

  afterEach(() => migrated.remove());

  test('does not keep its process alive', async () => {
    const { output, exitCode } = await startSettingsProcess(migrated.location, 'forget').ended;
    expect([output, exitCode]).toEqual(['read\n', 0]);
  });
});
