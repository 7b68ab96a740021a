import { Command } from 'commander';
import { carriedProvider } from '../../chosen-provider.ts';
import type { CliContext } from '../../cli-context.ts';
import { addChangeOptions, type ChangeOptions } from '../../configuration/change-options.ts';
import { readForChange } from '../../configuration/change-session.ts';
import { makeChange } from '../../configuration/make-change.ts';
import { writeChange } from '../../configuration/write-change.ts';
import { withStoredSettings, withWritableSettings } from '../../settings/with-settings.ts';
import { usageError } from '../../usage-error.ts';
import { writeJson } from '../../write-json.ts';

interface ConfigFallbackOptions extends ChangeOptions {
  readonly none?: boolean;
}

const HELP = `
Providers that take a call, in this order, which the chosen one cannot begin. Each must be
configured, and is tried before it is used. After a program has started no other provider
gets it, unless the caller said that it may be repeated. Without ids the chain is shown.

Examples:
  $ sandport config fallback
  $ sandport config fallback docker wasm
  $ sandport config fallback --none`;

/** `sandport config fallback` */
export function configFallbackCommand(context: CliContext): Command {
  return addChangeOptions(
    new Command('fallback')
      .description('show or choose the providers that step in')
      .argument('[providers...]', 'ids, the next one first')
      .option('--none', 'let no provider step in'),
  )
    .addHelpText('after', HELP)
    .action((ids: string[], _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ConfigFallbackOptions>();
      if (ids.length === 0 && options.none !== true) return showFallback(context, options);
      return setFallback(context, ids, options);
    });
}

function showFallback(context: CliContext, options: ConfigFallbackOptions): Promise<void> {
  return withStoredSettings(context, options, async ({ configurations }) => {
    const { fallback } = await configurations.active({ signal: context.signal });
    if (options.json === true) writeJson(context.stdout, { fallback });
    else context.stdout.write(fallback.length === 0 ? 'No provider steps in.\n' : `${fallback.join('\n')}\n`);
  });
}

async function setFallback(context: CliContext, ids: readonly string[], options: ConfigFallbackOptions): Promise<void> {
  if (options.none === true && ids.length > 0) throw usageError('--none: providers are named as well.', 'Leave one of them out.');
  const fallback = ids.map((id) => carriedProvider(context.providers, id).id);
  const change = { fallback: fallback.length === 0 ? null : fallback };
  await withWritableSettings(context, options, async (settings) => {
    const seen = await readForChange(settings.configurations, context.signal);
    const what = fallback.length === 0 ? 'no fallback' : `fall back to ${fallback.join(', ')}`;
    const outcome = await makeChange({ context, settings, options }, seen, change, what);
    writeChange(
      context,
      options,
      outcome,
      fallback.length === 0 ? 'No provider steps in.' : `Stepping in, in this order: ${fallback.join(', ')}.`,
    );
  });
}
