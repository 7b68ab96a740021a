import { Command } from 'commander';
import type { CliContext } from '../../cli-context.ts';
import { addActivationOptions, type ActivationOptions } from '../../configuration/change-options.ts';
import { readForChange } from '../../configuration/change-session.ts';
import { explainConflict } from '../../configuration/explain-conflict.ts';
import { useDraft } from '../../configuration/make-change.ts';
import { writeChange } from '../../configuration/write-change.ts';
import { withStoredSettings } from '../../settings/with-settings.ts';
import { parseVersionNumber } from '../../version-number.ts';

const HELP = `
The providers of the draft that are new or configured otherwise are tried first. A draft
that was made from another version than the one in use is refused: it would undo what
came between.

Examples:
  $ sandport config activate 7
  $ sandport config activate 7 --override "the engine's own tests passed"`;

/** `sandport config activate` */
export function configActivateCommand(context: CliContext): Command {
  return addActivationOptions(
    new Command('activate').description('use a draft').argument('<version>', 'number of the draft', parseVersionNumber),
  )
    .addHelpText('after', HELP)
    .action((version: number, _options: unknown, command: Command) =>
      activateVersion(context, version, command.optsWithGlobals<ActivationOptions>()),
    );
}

function activateVersion(context: CliContext, version: number, options: ActivationOptions): Promise<void> {
  return withStoredSettings(context, options, async (settings) => {
    const { configurations } = settings;
    const seen = await readForChange(configurations, context.signal);
    const outcome = await explainConflict(configurations, context.signal, () => useDraft({ context, settings, options }, seen, version));
    writeChange(context, options, outcome, `Draft ${version} is used now.`);
  });
}
