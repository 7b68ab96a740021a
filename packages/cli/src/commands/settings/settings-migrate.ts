import {
  locateSettings,
  migrateDown,
  migrateUp,
  migrationState,
  type MigrationState,
  NO_MIGRATION,
  type SettingsDatabase,
} from '@sandport/settings';
import { Command } from 'commander';
import type { CliContext } from '../../cli-context.ts';
import { openSettingsDatabase } from '../../settings/open-stored-settings.ts';
import type { SettingsOption } from '../../settings/with-settings.ts';
import { usageError } from '../../usage-error.ts';
import { writeJson } from '../../write-json.ts';

interface SettingsMigrateOptions extends SettingsOption {
  readonly downTo?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const HELP = `
Makes the tables that this version of Sandport needs. Several processes may call it at
once, and again after one that ended half way.

--down-to undoes every migration after the one it names, with all that its tables hold:
history, audit, passports, accounts, counted calls. The configuration in use stays, in
"system_settings".

Examples:
  $ sandport settings migrate
  $ sandport settings migrate --dry-run
  $ sandport settings migrate --down-to ${NO_MIGRATION} --dry-run`;

/** `sandport settings migrate` */
export function settingsMigrateCommand(context: CliContext): Command {
  return new Command('migrate')
    .description('make the tables, or undo that')
    .option('--down-to <name>', `undo all that came after this migration; "${NO_MIGRATION}" undoes every one`)
    .option('--dry-run', 'say what would be done')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action((_options: unknown, command: Command) => migrate(context, command.optsWithGlobals<SettingsMigrateOptions>()));
}

async function migrate(context: CliContext, options: SettingsMigrateOptions): Promise<void> {
  const { downTo, dryRun = false } = options;
  const isUp = downTo === undefined;
  const database = openSettingsDatabase(locateSettings(context, options.settings), { create: isUp && !dryRun });
  try {
    const names = await (dryRun ? plan(database, downTo, context.signal) : carryOut(database, downTo, context.signal));
    const { kind, location } = database;
    if (options.json === true) {
      return writeJson(context.stdout, { settings: location, database: kind, direction: isUp ? 'up' : 'down', dryRun, migrations: names });
    }
    const done = dryRun ? (isUp ? 'would be applied' : 'would be undone') : isUp ? 'applied' : 'undone';
    for (const name of names) context.stdout.write(`${name} ${done}\n`);
    if (names.length === 0) context.stdout.write(`Nothing is to be done in "${location}".\n`);
  } finally {
    await database.close();
  }
}

function carryOut(database: SettingsDatabase, downTo: string | undefined, signal: AbortSignal): Promise<readonly string[]> {
  return downTo === undefined ? migrateUp(database, { signal }) : migrateDown(database, downTo, { signal });
}

async function plan(database: SettingsDatabase, downTo: string | undefined, signal: AbortSignal): Promise<readonly string[]> {
  const migrations = await migrationState(database, { signal });
  if (downTo === undefined) return namesWhere(migrations, ({ isApplied }) => !isApplied);
  const applied = namesWhere(migrations, ({ isApplied }) => isApplied);
  const last = applied.indexOf(downTo);
  if (last === -1 && downTo !== NO_MIGRATION) {
    throw usageError('--down-to: is not the name of an applied migration.', `Choose one of: ${[NO_MIGRATION, ...applied].join(', ')}.`);
  }
  return applied.slice(last + 1).toReversed();
}

function namesWhere(migrations: readonly MigrationState[], isWanted: (migration: MigrationState) => boolean): string[] {
  return migrations.filter(isWanted).map(({ name }) => name);
}
