import { Command } from 'commander';
import type { VersionView } from '@sandport/settings';
import type { CliContext } from '../../cli-context.ts';
import { colorsFor } from '../../colors-for.ts';
import { formatTime } from '../../format-time.ts';
import { printableLine } from '../../printable-text.ts';
import { activeVersionOf } from '../../configuration/active-version-of.ts';
import { withStoredSettings, type SettingsOption } from '../../settings/with-settings.ts';
import { parseVersionNumber } from '../../version-number.ts';
import { configurationDocument, writeConfiguration } from '../../view/write-configuration.ts';
import { writeJson } from '../../write-json.ts';
import { writeTable } from '../../write-table.ts';

interface ConfigShowOptions extends SettingsOption {
  readonly json?: boolean;
}

const HELP = `
Shows one version with what is wrong with it, or worth knowing; without a number the one
in use. Secrets are never shown.

Examples:
  $ sandport config show
  $ sandport config show 3 --json`;

/** `sandport config show` */
export function configShowCommand(context: CliContext): Command {
  return new Command('show')
    .description('show a version')
    .argument('[version]', 'number of the version', parseVersionNumber)
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action((version: number | undefined, _options: unknown, command: Command) =>
      showVersion(context, version, command.optsWithGlobals<ConfigShowOptions>()),
    );
}

function showVersion(context: CliContext, wanted: number | undefined, options: ConfigShowOptions): Promise<void> {
  return withStoredSettings(context, options, async ({ configurations }) => {
    const { signal } = context;
    const number = wanted ?? (await activeVersionOf(configurations, signal));
    const view = await configurations.version(number, { signal });
    const findings = await configurations.validate(number, { signal });
    const { record, override } = view;
    if (options.json === true) return writeJson(context.stdout, { record, override, ...configurationDocument(context, view), findings });
    writeRecord(context, view);
    writeConfiguration(context, view);
    const colors = colorsFor(context.stdout, context);
    const marks = { error: colors.red('✘'), warning: colors.yellow('!') };
    if (findings.length > 0) context.stdout.write('\n');
    for (const { kind, message } of findings) context.stdout.write(`${marks[kind]} ${printableLine(message)}\n`);
  });
}

function writeRecord({ stdout }: CliContext, { record, override }: VersionView): void {
  const { number, state, parent, author, reason, createdAtMs, activatedAtMs } = record;
  writeTable(stdout, [
    ['version', `${number} (${state})`],
    ...(parent === null ? [] : [['made from', String(parent)]]),
    ['author', author],
    ['reason', reason],
    ['made', formatTime(createdAtMs)],
    ...(activatedAtMs === null ? [] : [['used from', formatTime(activatedAtMs)]]),
    ...(override === null ? [] : [['override', `by ${override.author}: ${override.reason}`]]),
  ]);
}
