import { Command } from 'commander';
import type { CliContext } from '../../cli-context.ts';
import { configureAliyunCommand } from './configure-aliyun.ts';
import { configureE2bCommand } from './configure-e2b.ts';

/** `sandport configure …` */
export function configureCommand(context: CliContext): Command {
  return new Command('configure')
    .description('set up a provider step by step, and test it before it is stored')
    .addCommand(configureAliyunCommand(context))
    .addCommand(configureE2bCommand(context));
}
