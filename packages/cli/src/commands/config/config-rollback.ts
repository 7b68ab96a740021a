import { Command } from 'commander';
import { authorOf } from '../../authorship.ts';
import type { CliContext } from '../../cli-context.ts';
import { addActivationOptions, type ActivationOptions } from '../../configuration/change-options.ts';
import { readForChange, type ChangeSession } from '../../configuration/change-session.ts';
import { explainConflict } from '../../configuration/explain-conflict.ts';
import { overrideOf, type ChangeOutcome } from '../../configuration/make-change.ts';
import { tryVersion, withRemark } from '../../configuration/use-version.ts';
import { writeChange } from '../../configuration/write-change.ts';
import { withStoredSettings } from '../../settings/with-settings.ts';
import { parseVersionNumber } from '../../version-number.ts';

const HELP = `
Makes a new version with the rows of a former one. Its providers are tried first, as with
"config use": what worked last month may not work today. --no-test saves the time.

Examples:
  $ sandport config rollback 3
  $ sandport config rollback 3 --no-test --reason "4 breaks the reports"`;

/** `sandport config rollback` */
export function configRollbackCommand(context: CliContext): Command {
  return addActivationOptions(
    new Command('rollback')
      .description('use what a former version had')
      .argument('<version>', 'number of a version that was in use once', parseVersionNumber),
  )
    .addHelpText('after', HELP)
    .action((version: number, _options: unknown, command: Command) =>
      rollBack(context, version, command.optsWithGlobals<ActivationOptions>()),
    );
}

function rollBack(context: CliContext, to: number, options: ActivationOptions): Promise<void> {
  return withStoredSettings(context, options, async (settings) => {
    const outcome = await explainConflict(settings.configurations, context.signal, () => rollBackTo({ context, settings, options }, to));
    writeChange(context, options, outcome, `The rows of version ${to} are in use again.`);
  });
}

async function rollBackTo(session: ChangeSession, to: number): Promise<ChangeOutcome> {
  const { context, settings, options } = session;
  const { signal } = context;
  const seen = await readForChange(settings.configurations, signal);
  const { passports, remark } = await tryVersion(session, to, seen, `Mend the cause and call \`sandport config rollback ${to}\` again.`);
  const { number, override = null } = await settings.configurations.rollBack(to, {
    author: authorOf(context, options),
    reason: withRemark(options.reason ?? `roll back to version ${to}`, remark),
    expectedActive: seen.version,
    ...overrideOf(session),
    signal,
  });
  return { version: number, state: 'active', override, passports };
}
