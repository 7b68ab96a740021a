import { Command } from 'commander';
import type { CliContext } from '../../cli-context.ts';
import type { ExitCodeListener } from '../../exit-code.ts';
import { secretsAddKeyCommand } from './secrets-add-key.ts';
import { secretsCreateKeyCommand } from './secrets-create-key.ts';
import { secretsRotateCommand } from './secrets-rotate.ts';
import { secretsSealCommand } from './secrets-seal.ts';

/** `sandport secrets …` */
export function secretsCommand(context: CliContext, onExitCode: ExitCodeListener): Command {
  return new Command('secrets')
    .description('the master keys that seal stored secrets')
    .addCommand(secretsCreateKeyCommand(context))
    .addCommand(secretsAddKeyCommand(context))
    .addCommand(secretsRotateCommand(context, onExitCode))
    .addCommand(secretsSealCommand(context));
}
