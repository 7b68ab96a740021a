import { Command } from 'commander';
import type { CliContext } from '../../cli-context.ts';
import { settingsMigrateCommand } from './settings-migrate.ts';
import { settingsStatusCommand } from './settings-status.ts';

/** `sandport settings …` */
export function settingsCommand(context: CliContext): Command {
  return new Command('settings')
    .description('the database that the configuration is kept in')
    .addCommand(settingsStatusCommand(context))
    .addCommand(settingsMigrateCommand(context));
}
