import { Command } from 'commander';
import type { CliContext } from '../../cli-context.ts';
import type { ExitCodeListener } from '../../exit-code.ts';
import { verifyAliyunCommand } from './verify-aliyun.ts';
import { verifyE2bCommand } from './verify-e2b.ts';

/** `sandport verify …` */
export function verifyCommand(context: CliContext, onExitCode: ExitCodeListener): Command {
  return new Command('verify')
    .description('prove a provider against its real service')
    .addCommand(verifyAliyunCommand(context, onExitCode))
    .addCommand(verifyE2bCommand(context, onExitCode));
}
