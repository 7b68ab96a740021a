import { Command, Option } from 'commander';
import type { ConformanceCase } from '@sandport/conformance';
import type { CliContext } from '../cli-context.ts';
import { chooseCases, CONFORMANCE_LEVELS } from '../conformance/choose-cases.ts';
import { proveConformance, type ConformanceOptions } from '../conformance/prove-conformance.ts';
import { EXIT_CODES, type ExitCodeListener } from '../exit-code.ts';
import { addProgressOptions } from '../progress-option.ts';
import { usageError } from '../usage-error.ts';
import { writeJson } from '../write-json.ts';
import { writeTable } from '../write-table.ts';

const HELP = `
For authors of providers: runs the contract as cases, and says of each what it asks for,
what was seen, and what to do. The provider is one that this command carries, by its id; or
the one that a module exports, by its path, or by the name of a package that can be reached
from the current folder. Such a module is imported and run with all that you may do.

Its configuration is that of the settings, where some is stored for its id, else its own
defaults; --config gives another one, the whole of it. A secret in it is looked for in
everything that the provider says. Programs of the cases really run, and break limits: a
service behind the provider may want to be paid.

The first level is where one begins: that a program runs, and that what it did comes back
whole and true. The exit code is 1 when a promise is broken.

Examples:
  $ sandport conformance --provider wasm --level first
  $ sandport conformance --provider ./dist/index.js --config config.json --report report.html
  $ sandport conformance --provider sandport-provider-my-cloud --only values,errors
  $ sandport conformance --provider ./dist/index.js --only limits/memory --json
  $ vault kv get -format=json secret/cloud | jq .data | sandport conformance --provider ./dist/index.js --config -
  $ sandport conformance --list --only isolation`;

/** `sandport conformance` */
export function conformanceCommand(context: CliContext, onExitCode: ExitCodeListener): Command {
  const command = new Command('conformance')
    .description('run the contract against a provider, for its author')
    .option('--provider <id or module>', 'id, path of a module, or name of a package')
    .option('--export <name>', 'which export of the module, where it has several providers')
    .option('--config <file>', 'its configuration as JSON; - reads it from standard input')
    .addOption(new Option('--level <level>', 'how much of the contract').choices(CONFORMANCE_LEVELS).default('all'))
    .option('--only <groups>', 'only these groups, or cases by the beginnings of their ids, with commas between them', commaSeparated, [])
    .option('--report <file>', 'also write a report, as .html or .md')
    .option('--list', 'list the cases instead of running them');
  return addProgressOptions(command)
    .addHelpText('after', HELP)
    .action(async (_options: unknown, self: Command) => {
      const options = self.optsWithGlobals<ConformanceOptions>();
      const cases = chooseCases(options.level, options.only);
      if (options.list === true) return listCases(context, cases, options);
      const { provider } = options;
      if (provider === undefined) throw usageError('--provider: is missing.', 'Name the provider, or list the cases with --list.');
      const { status } = await proveConformance(context, cases, { ...options, provider });
      onExitCode(status === 'passed' ? EXIT_CODES.ok : EXIT_CODES.notCompleted);
    });
}

function commaSeparated(text: string, former: readonly string[]): string[] {
  return [...former, ...text.split(',').map((name) => name.trim())];
}

function listCases({ stdout }: CliContext, cases: readonly ConformanceCase[], { json }: ConformanceOptions): void {
  if (json === true) {
    return writeJson(stdout, {
      cases: cases.map(({ id, area, title, languages, requires }) => ({ id, group: area, requirement: title, languages, requires })),
    });
  }
  writeTable(
    stdout,
    cases.map(({ id, title }) => [id, title]),
  );
}
