import { Command } from 'commander';
import type { CliContext } from '../../cli-context.ts';
import type { ExitCodeListener } from '../../exit-code.ts';
import { configActivateCommand } from './config-activate.ts';
import { configAuditCommand } from './config-audit.ts';
import { configDiffCommand } from './config-diff.ts';
import { configDiscardCommand } from './config-discard.ts';
import { configFallbackCommand } from './config-fallback.ts';
import { configGetCommand } from './config-get.ts';
import { configHistoryCommand } from './config-history.ts';
import { configPolicyCommand } from './config-policy.ts';
import { configRollbackCommand } from './config-rollback.ts';
import { configSetCommand } from './config-set.ts';
import { configShowCommand } from './config-show.ts';
import { configTestCommand } from './config-test.ts';
import { configUseCommand } from './config-use.ts';

/** `sandport config …` */
export function configCommand(context: CliContext, onExitCode: ExitCodeListener): Command {
  const config = new Command('config').description('show, try and change the stored configuration');
  for (const command of [
    configGetCommand(context),
    configSetCommand(context),
    configUseCommand(context),
    configTestCommand(context, onExitCode),
    configActivateCommand(context),
    configDiscardCommand(context),
    configRollbackCommand(context),
    configHistoryCommand(context),
    configShowCommand(context),
    configDiffCommand(context),
    configAuditCommand(context),
    configPolicyCommand(context),
    configFallbackCommand(context),
  ]) {
    config.addCommand(command);
  }
  return config;
}
