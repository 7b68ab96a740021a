import { Command } from 'commander';
import type { CliContext } from '../../cli-context.ts';
import { migrateRagflowCommand } from './migrate-ragflow.ts';

/** `sandport migrate …` */
export function migrateCommand(context: CliContext): Command {
  return new Command('migrate').description('carry the configuration of another program over').addCommand(migrateRagflowCommand(context));
}
