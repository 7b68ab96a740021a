import { Command } from 'commander';
import type { CliContext } from '../../cli-context.ts';
import { formatTime } from '../../format-time.ts';
import { parseLimit } from '../../page-limit.ts';
import { withStoredSettings, type SettingsOption } from '../../settings/with-settings.ts';
import { parseVersionNumber } from '../../version-number.ts';
import { writeJson } from '../../write-json.ts';
import { writeTable } from '../../write-table.ts';

interface ConfigHistoryOptions extends SettingsOption {
  readonly limit: number;
  readonly before?: number;
  readonly json?: boolean;
}

const HELP = `
Examples:
  $ sandport config history
  $ sandport config history --limit 5 --before 40 --json`;

/** `sandport config history` */
export function configHistoryCommand(context: CliContext): Command {
  return new Command('history')
    .description('list the versions, the newest first')
    .option('--limit <number>', 'at most so many', parseLimit, 20)
    .option('--before <version>', 'only older ones than this', parseVersionNumber)
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action((_options: unknown, command: Command) => listHistory(context, command.optsWithGlobals<ConfigHistoryOptions>()));
}

function listHistory(context: CliContext, options: ConfigHistoryOptions): Promise<void> {
  return withStoredSettings(context, options, async ({ configurations }) => {
    const { limit, before, json } = options;
    const versions = await configurations.history({ limit, ...(before === undefined ? {} : { before }), signal: context.signal });
    if (json === true) return writeJson(context.stdout, { versions });
    if (versions.length === 0) return void context.stdout.write('There is no version yet.\n');
    const rows = versions.map(({ number, state, author, createdAtMs, reason }) => [
      String(number),
      state,
      formatTime(createdAtMs),
      author,
      reason,
    ]);
    writeTable(context.stdout, [['version', 'state', 'made', 'author', 'reason'], ...rows]);
  });
}
