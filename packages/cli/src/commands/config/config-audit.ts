import { Command } from 'commander';
import type { JsonObject } from '@sandport/core';
import type { CliContext } from '../../cli-context.ts';
import { formatTime } from '../../format-time.ts';
import { parseLimit } from '../../page-limit.ts';
import { withStoredSettings, type SettingsOption } from '../../settings/with-settings.ts';
import { parseVersionNumber } from '../../version-number.ts';
import { writeJson } from '../../write-json.ts';
import { writeTable } from '../../write-table.ts';

interface ConfigAuditOptions extends SettingsOption {
  readonly limit: number;
  readonly before?: number;
  readonly json?: boolean;
}

const HELP = `
Lists who did what and when; --json has the changed rows and fields too. Entries are added
and never changed.

Examples:
  $ sandport config audit
  $ sandport config audit --limit 100 --json`;

/** `sandport config audit` */
export function configAuditCommand(context: CliContext): Command {
  return new Command('audit')
    .description('list what was done, the newest first')
    .option('--limit <number>', 'at most so many', parseLimit, 20)
    .option('--before <number>', 'only entries before this one', parseVersionNumber)
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action((_options: unknown, command: Command) => listAudit(context, command.optsWithGlobals<ConfigAuditOptions>()));
}

function listAudit(context: CliContext, options: ConfigAuditOptions): Promise<void> {
  return withStoredSettings(context, options, async ({ configurations }) => {
    const { limit, before, json } = options;
    const entries = await configurations.audit({ limit, ...(before === undefined ? {} : { before }), signal: context.signal });
    if (json === true) return writeJson(context.stdout, { entries });
    if (entries.length === 0) return void context.stdout.write('Nothing was done yet.\n');
    const rows = entries.map(({ sequence, atMs, actor, action, version, summary }) => [
      String(sequence),
      formatTime(atMs),
      actor,
      action,
      version === null ? '' : String(version),
      textOf(summary),
    ]);
    writeTable(context.stdout, [['entry', 'time', 'who', 'what', 'version', 'why'], ...rows]);
  });
}

function textOf({ reason, override }: JsonObject): string {
  const why = typeof reason === 'string' ? reason : '';
  return override === undefined ? why : `${why} [policy set aside]`.trim();
}
