import { Command } from 'commander';
import type { JsonValue } from '@sandport/core';
import type { ConfigurationDifference } from '@sandport/settings';
import type { CliContext } from '../../cli-context.ts';
import { activeVersionOf } from '../../configuration/active-version-of.ts';
import { withStoredSettings, type SettingsOption } from '../../settings/with-settings.ts';
import { parseVersionNumber } from '../../version-number.ts';
import { writeJson } from '../../write-json.ts';
import { writeTable } from '../../write-table.ts';

interface ConfigDiffOptions extends SettingsOption {
  readonly json?: boolean;
}

const HELP = `
Says by row and field what became different. Of a secret it is said that it changed, and
never what it is.

Examples:
  $ sandport config diff 3
  $ sandport config diff 3 4 --json`;

/** `sandport config diff` */
export function configDiffCommand(context: CliContext): Command {
  return new Command('diff')
    .description('compare two versions')
    .argument('<from>', 'number of a version', parseVersionNumber)
    .argument('[to]', 'number of another one; else the one in use', parseVersionNumber)
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action((from: number, to: number | undefined, _options: unknown, command: Command) =>
      compareVersions(context, from, to, command.optsWithGlobals<ConfigDiffOptions>()),
    );
}

function compareVersions(context: CliContext, from: number, wanted: number | undefined, options: ConfigDiffOptions): Promise<void> {
  return withStoredSettings(context, options, async ({ configurations }) => {
    const { signal } = context;
    const to = wanted ?? (await activeVersionOf(configurations, signal));
    const differences = await configurations.diff(from, to, { signal });
    if (options.json === true) return writeJson(context.stdout, { from, to, differences });
    if (differences.length === 0) context.stdout.write(`Version ${from} and version ${to} say the same.\n`);
    writeTable(context.stdout, differences.map(lineOf));
  });
}

function lineOf(difference: ConfigurationDifference): string[] {
  const { row, field, kind, secret } = difference;
  return [row, field ?? '(row)', secret ? `${kind} (not shown)` : `${kind}${valuesOf(difference)}`];
}

function valuesOf({ kind, before, after }: ConfigurationDifference): string {
  if (kind === 'changed') return `: ${textOf(before)} → ${textOf(after)}`;
  const value = kind === 'added' ? after : before;
  // Of a row that came or went its fields are told.
  return value === undefined || value === null ? '' : `: ${textOf(value)}`;
}

function textOf(value: JsonValue | undefined): string {
  return value === undefined ? '(not shown)' : JSON.stringify(value);
}
