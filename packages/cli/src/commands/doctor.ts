import { healthStatusOf } from '@sandport/core';
import { Command } from 'commander';
import { locateSettings, placeOf, type SettingsLocation } from '@sandport/settings';
import type { CliContext } from '../cli-context.ts';
import { examine, type ExamineOptions, type Findings } from '../doctor/examine.ts';
import { writeChecks } from '../doctor/write-checks.ts';
import { EXIT_CODES, type ExitCodeListener } from '../exit-code.ts';
import { addProgressOptions, isQuiet, type ProgressOptions } from '../progress-option.ts';
import type { SettingsOption } from '../settings/with-settings.ts';
import { ProgressLine } from '../terminal/progress-line.ts';
import { writeJson } from '../write-json.ts';

interface DoctorOptions extends ExamineOptions, SettingsOption, ProgressOptions {}

const HELP = `
Looks at the settings and their tables, master keys, secrets in the clear, the policy and
the passports of the providers in use, and then at everything the provider needs. The exit
code is 1 when something stands in the way of running code.

Of AgentRun and E2B it also says where each value comes from: the settings, a variable, a
default.

With --clean it first removes what processes that have ended left behind: containers and
leases in the engine, sandboxes in the account of AgentRun or E2B. With an engine it takes
20 s longer when their end cannot be seen from this machine.

Examples:
  $ sandport doctor
  $ sandport doctor --provider docker --json
  $ sandport doctor --provider e2b
  $ sandport doctor --clean`;

/** `sandport doctor` */
export function doctorCommand(context: CliContext, onExitCode: ExitCodeListener): Command {
  const command = new Command('doctor')
    .description('look at everything that a run needs, and say what to mend')
    .option('--provider <id>', 'look at this provider instead of the one in use')
    .option('--clean', 'first remove what processes that have ended left in the engine or the account');
  return addProgressOptions(command)
    .addHelpText('after', HELP)
    .action(async (_options: unknown, self: Command) => {
      const isHealthy = await diagnose(context, self.optsWithGlobals<DoctorOptions>());
      onExitCode(isHealthy ? EXIT_CODES.ok : EXIT_CODES.notCompleted);
    });
}

async function diagnose(context: CliContext, options: DoctorOptions): Promise<boolean> {
  const location = locateSettings(context, options.settings);
  const { kind, shown } = placeOf(location);
  const findings = await examineAll(context, location, options);
  const status = healthStatusOf(findings.checks);
  if (options.json === true) writeJson(context.stdout, { status, settings: shown, database: kind, ...findings });
  else writeFindings(context, status, findings);
  return status !== 'unhealthy';
}

async function examineAll(context: CliContext, location: SettingsLocation, options: DoctorOptions): Promise<Findings> {
  using line = new ProgressLine(context);
  return await examine(context, location, options, (text) => void (isQuiet(options) || line.show(text)));
}

function writeFindings(context: CliContext, status: string, { checks, isolation }: Findings): void {
  writeChecks(context, checks);
  context.stdout.write(`${status}${isolation === null ? '' : `, isolation measured inside: ${isolation.kind}`}\n`);
}
