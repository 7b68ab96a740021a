import { Command } from 'commander';
import { locateSettings } from '@sandport/settings';
import type { CliContext } from '../../cli-context.ts';
import { clearSecretsOf, reportSettings, type SettingsReport } from '../../settings/settings-report.ts';
import type { SettingsOption } from '../../settings/with-settings.ts';
import { writeJson } from '../../write-json.ts';
import { writeTable } from '../../write-table.ts';

interface SettingsStatusOptions extends SettingsOption {
  readonly json?: boolean;
}

const HELP = `
Says which database it is, whether its tables are those of this version, where master keys
come from (their ids, never the keys), and which secrets stand in the clear.

Examples:
  $ sandport settings status
  $ SANDPORT_SETTINGS=postgres://user:password@host/db sandport settings status --json`;

/** `sandport settings status` */
export function settingsStatusCommand(context: CliContext): Command {
  return new Command('status')
    .description('say how the settings are')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action((_options: unknown, command: Command) => showStatus(context, command.optsWithGlobals<SettingsStatusOptions>()));
}

async function showStatus(context: CliContext, options: SettingsStatusOptions): Promise<void> {
  const report = await reportSettings(context, locateSettings(context, options.settings));
  const { database, location, migrations, active, keys } = report;
  const clearSecrets = active === undefined ? null : clearSecretsOf(active);
  if (options.json === true) {
    const facts = { settings: location, database, migrations, version: active?.version ?? null };
    return writeJson(context.stdout, { ...facts, changedElsewhere: active?.changedElsewhere ?? [], keys, clearSecrets });
  }
  writeTable(context.stdout, [
    ['database', database],
    ['location', location],
    ...migrations.map((migration, index) => [index === 0 ? 'migrations' : '', `${migration.name}  ${stateOf(migration)}`]),
    ['version', active === undefined ? 'unknown' : String(active.version ?? 'none')],
    ...describeKeys(report),
    ['in the clear', clearSecrets === null ? 'unknown' : clearSecrets.length === 0 ? 'no secret' : clearSecrets.join(', ')],
  ]);
  for (const advice of advicesOf(report, clearSecrets ?? [])) context.stderr.write(`${advice}\n`);
}

function stateOf({ isApplied, isKnown }: SettingsReport['migrations'][number]): string {
  if (!isKnown) return 'of a newer version of Sandport';
  return isApplied ? 'applied' : 'pending';
}

function describeKeys({ keys }: SettingsReport): string[][] {
  if (keys === null) return [['master key', 'none']];
  if ('message' in keys) return [['master key', keys.message]];
  const { source, currentId, formerIds, unusedVariables } = keys;
  return [
    ['master key', `${currentId}, from ${source}`],
    ...(formerIds.length === 0 ? [] : [['former keys', formerIds.join(', ')]]),
    ...(unusedVariables.length === 0 ? [] : [['not looked at', unusedVariables.join(', ')]]),
  ];
}

function advicesOf({ migrations, keys }: SettingsReport, clearSecrets: readonly string[]): string[] {
  return [
    ...(migrations.some(({ isApplied }) => !isApplied) ? ['Make the missing tables with: sandport settings migrate'] : []),
    ...(migrations.some(({ isKnown }) => !isKnown) ? ['Update Sandport here before you use these settings.'] : []),
    ...(keys !== null && 'message' in keys && keys.suggestion !== undefined ? [keys.suggestion] : []),
    ...(clearSecrets.length > 0
      ? [`Seal what stands in the clear with: ${keys === null ? 'sandport secrets create-key, then ' : ''}sandport secrets seal`]
      : []),
  ];
}
