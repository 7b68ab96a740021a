import { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { collect } from '../collect.ts';
import type { ExitCodeListener } from '../exit-code.ts';
import { replayRecord, type ReplayOptions } from '../replay/replay-record.ts';

const HELP = `
The record is that of "sandport run --record", or of recordOf() in a program. What the
program did is compared: status, error, value, output, artifacts by their digests. Where it
ran, on which version and how long it took is told, and not counted. Ends with 0 when
nothing differs, and with 1 when something does.

Examples:
  $ sandport run report.py --record report.json
  $ sandport replay report.json
  $ sandport replay report.json --provider docker
  $ sandport replay report.json --env API_TOKEN
  $ sandport replay report.json --json | jq .differences`;

/** `sandport replay` */
export function replayCommand(context: CliContext, onExitCode: ExitCodeListener): Command {
  return new Command('replay')
    .description('make a recorded call again, and say what came out differently')
    .argument('<file>', 'the record; - reads it from standard input')
    .option('--provider <id>', 'run on this provider instead of the one in use')
    .option(
      '--env <name=value>',
      'a variable that the recorded call had; NAME alone takes its value from here; may be repeated',
      collect,
      [],
    )
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action(async (file: string, _options: unknown, command: Command) => {
      onExitCode(await replayRecord(context, file, command.optsWithGlobals<ReplayOptions>()));
    });
}
