import { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { collect } from '../collect.ts';
import { parseDuration } from '../duration.ts';
import type { ExitCodeListener } from '../exit-code.ts';
import { parseProcessors, parseSize } from '../size.ts';
import { runProgram, type RunOptions } from '../run/run-program.ts';

const HELP = `
The language follows from the file's ending (.py, .js, .mjs, .cjs); standard input is
Python unless --language says otherwise. What the program prints is shown while it runs,
what became of it is said on stderr. With --json everything is one document on stdout;
--stream then shows on stderr what the program prints, while it runs.

Examples:
  $ sandport run report.py
  $ sandport run main.js --args '{"rows": 3}' --timeout 5s
  $ echo 'print(6 * 7)' | sandport run -
  $ sandport run count.py --stdin words.txt
  $ zcat access.log.gz | sandport run count.py --stdin - --memory 1g --cpus 2
  $ sandport run plot.py --file data.csv=./sales.csv --artifacts ./out
  $ sandport run train.py --file data=./data --env SEED=42
  $ sandport run report.py --record report.json && sandport replay report.json --provider docker
  $ sandport run report.py --json | jq .status
  $ sandport run report.py --json --stream > result.json`;

/** `sandport run` */
export function runCommand(context: CliContext, onExitCode: ExitCodeListener): Command {
  return new Command('run')
    .description('run a program in a fresh sandbox')
    .argument('<file>', 'the program; - reads it from standard input')
    .option('--args <json>', 'arguments of main, a JSON object')
    .option('--args-file <file>', 'the same, from a file')
    .option('--language <name>', 'python or javascript')
    .option('--timeout <duration>', 'most time for the program: 500ms, 5s, 2m', parseDuration)
    .option('--memory <size>', 'memory of the sandbox, swap included: 256m, 1GiB', parseSize)
    .option('--cpus <number>', 'processor time of the sandbox, as a number of processors: 0.5, 2', parseProcessors)
    .option('--stdin <file>', "the program's standard input; - passes on this command's own")
    .option('--provider <id>', 'run on this provider instead of the one in use')
    .option('--file <path=local>', 'lay a local file, or all files of a folder, into the work folder; may be repeated', collect, [])
    .option('--env <name=value>', 'a variable for the program; NAME alone takes its value from here; may be repeated', collect, [])
    .option('--artifacts <folder>', 'save what the program leaves in artifacts/ here; empty or absent before')
    .option('--record <file>', 'record the call here, for "sandport replay"; the file must not exist')
    .option('--json', 'one JSON document on stdout')
    .option('--stream', 'with --json: show what the program prints on stderr while it runs')
    .addHelpText('after', HELP)
    .action(async (file: string, _options: unknown, command: Command) => {
      onExitCode(await runProgram(context, file, command.optsWithGlobals<RunOptions>()));
    });
}
