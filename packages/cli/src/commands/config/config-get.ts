import { Command } from 'commander';
import { placeOf } from '@sandport/settings';
import type { CliContext } from '../../cli-context.ts';
import { colorsFor } from '../../colors-for.ts';
import { printableLine } from '../../printable-text.ts';
import { withStoredSettings, type SettingsOption } from '../../settings/with-settings.ts';
import { configurationDocument, writeConfiguration } from '../../view/write-configuration.ts';
import { writeJson } from '../../write-json.ts';

interface ConfigGetOptions extends SettingsOption {
  readonly json?: boolean;
}

const HELP = `
Secrets are never shown: they are set (sealed), set (in the clear) or not set.

Examples:
  $ sandport config get
  $ sandport config get --json`;

/** `sandport config get` */
export function configGetCommand(context: CliContext): Command {
  return new Command('get')
    .description('show the configuration in use')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action((_options: unknown, command: Command) => getConfig(context, command.optsWithGlobals<ConfigGetOptions>()));
}

function getConfig(context: CliContext, options: ConfigGetOptions): Promise<void> {
  return withStoredSettings(context, options, async ({ configurations }, location) => {
    const active = await configurations.active({ signal: context.signal });
    const { kind, shown } = placeOf(location);
    const { version, override, changedElsewhere } = active;
    if (options.json === true) {
      const facts = { settings: shown, database: kind, version, override, changedElsewhere };
      return writeJson(context.stdout, { ...facts, ...configurationDocument(context, active) });
    }
    const colors = colorsFor(context.stdout, context);
    context.stdout.write(`settings  ${printableLine(shown)}\nversion   ${version ?? 'none'}\n`);
    if (override !== null) context.stdout.write(`override  by ${printableLine(override.author)}: ${printableLine(override.reason)}\n`);
    writeConfiguration(context, active);
    if (changedElsewhere.length === 0) return;
    const rows = printableLine(changedElsewhere.join(', '));
    context.stdout.write(`\n${colors.yellow('!')} changed by another program since that version: ${rows}\n`);
  });
}
