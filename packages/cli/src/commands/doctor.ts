import { statSync } from 'node:fs';
import { createSandboxClient } from '@sandport/client';
import {
  healthStatusOf,
  PROVIDER_TYPE_SETTING,
  SandboxError,
  type HealthCheck,
  type MeasuredIsolation,
  type SettingsStore,
} from '@sandport/core';
import { Command } from 'commander';
import { carriedProvider, withProvider } from '../chosen-provider.ts';
import type { CliContext } from '../cli-context.ts';
import { colorsFor } from '../colors-for.ts';
import { EXIT_CODES, type ExitCodeListener } from '../exit-code.ts';
import { printableLine } from '../printable-text.ts';
import { reportWarning } from '../report-error.ts';
import { locateSettings, openStoredSettings } from '../settings-location.ts';
import { writeJson } from '../write-json.ts';

interface DoctorOptions {
  readonly provider?: string;
  readonly json?: boolean;
  readonly settings?: string;
}

/** What was found on the way from the settings file to a program that runs. */
interface Findings {
  readonly providerId: string | null;
  readonly isolation: MeasuredIsolation | null;
  readonly checks: readonly HealthCheck[];
}

const HELP = `
Looks at the settings, their rows, and then at everything the provider needs. The exit
code is 1 when something stands in the way of running code.

Examples:
  $ sandport doctor
  $ sandport doctor --provider docker --json`;

/** `sandport doctor` */
export function doctorCommand(context: CliContext, onExitCode: ExitCodeListener): Command {
  return new Command('doctor')
    .description('look at everything that a run needs, and say what to mend')
    .option('--provider <id>', 'look at this provider instead of the one in use')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action(async (_options: unknown, command: Command) => {
      const isHealthy = await examine(context, command.optsWithGlobals<DoctorOptions>());
      onExitCode(isHealthy ? EXIT_CODES.ok : EXIT_CODES.notCompleted);
    });
}

async function examine(context: CliContext, options: DoctorOptions): Promise<boolean> {
  const { path } = locateSettings(context, options.settings);
  const stored = openStoredSettings({ path, isDefault: false });
  const settings = options.provider === undefined ? stored : withProvider(stored, carriedProvider(context.providers, options.provider).id);
  try {
    const findings = await findAll(context, settings, path);
    const status = healthStatusOf(findings.checks);
    if (options.json === true) writeJson(context.stdout, { status, settingsPath: path, ...findings });
    else writeFindings(context, status, findings);
    return status !== 'unhealthy';
  } finally {
    await settings.close();
  }
}

/** Goes on as far as each step rests on a sound one before. */
async function findAll(context: CliContext, settings: SettingsStore, path: string): Promise<Findings> {
  const { signal } = context;
  const unreadable = await failureOf('settings', signal, () => settings.read([PROVIDER_TYPE_SETTING], { signal }));
  if (unreadable !== undefined) return { providerId: null, isolation: null, checks: [unreadable] };
  const checks: HealthCheck[] = [{ name: 'settings', status: 'ok', message: `"${path}" can be read.` }, ...modeFindings(path)];
  await using client = createSandboxClient({
    settings,
    providers: context.providers,
    onWarning: (warning) => reportWarning(context, warning),
  });
  let providerId: string | null = null;
  let isolation: MeasuredIsolation | null = null;
  const misconfigured = await failureOf('configuration', signal, async () => {
    const info = await client.providerInfo({ signal });
    providerId = info.id;
    checks.push({ name: 'configuration', status: 'ok', message: `"${info.id}" is chosen, and its configuration is valid.` });
  });
  if (misconfigured !== undefined) return { providerId, isolation, checks: [...checks, misconfigured] };
  const unexamined = await failureOf('provider', signal, async () => {
    const report = await client.checkHealth({ signal });
    isolation = report.isolation;
    checks.push(...report.checks);
  });
  return { providerId, isolation, checks: unexamined === undefined ? checks : [...checks, unexamined] };
}

/** Runs a step and turns its SandboxError into a finding. A withdrawn call is no finding. */
async function failureOf(name: string, signal: AbortSignal, step: () => Promise<unknown>): Promise<HealthCheck | undefined> {
  try {
    await step();
    return undefined;
  } catch (error) {
    if (signal.aborted || !SandboxError.isInstance(error)) throw error;
    const remedy = error.suggestion ?? 'Run again with --debug to see the cause.';
    return { name, status: 'failed', message: error.message, remedy };
  }
}

function modeFindings(path: string): HealthCheck[] {
  // Windows knows no such bits.
  if (process.platform === 'win32' || (statSync(path).mode & 0o077) === 0) return [];
  return [
    {
      name: 'settings.mode',
      status: 'warning',
      message: 'Other users of this machine may open the settings, which can hold credentials.',
      remedy: `Keep them to yourself: chmod 600 "${path}"`,
    },
  ];
}

function writeFindings(context: CliContext, status: string, { checks, isolation }: Findings): void {
  const colors = colorsFor(context.stdout, context);
  const marks = { ok: colors.green('✔'), warning: colors.yellow('!'), failed: colors.red('✘') };
  const width = Math.max(...checks.map((check) => check.name.length));
  for (const { name, status: checkStatus, message, remedy } of checks) {
    context.stdout.write(`${marks[checkStatus]} ${name.padEnd(width)}  ${printableLine(message, 2000)}\n`);
    if (remedy !== undefined) context.stdout.write(`  ${' '.repeat(width)}  ${colors.cyan('→')} ${printableLine(remedy, 2000)}\n`);
  }
  context.stdout.write(`${status}${isolation === null ? '' : `, isolation measured inside: ${isolation.kind}`}\n`);
}
