import { existsSync, statSync } from 'node:fs';
import { createSandboxClient } from '@sandport/client';
import {
  healthStatusOf,
  PROVIDER_TYPE_SETTING,
  SandboxError,
  type HealthCheck,
  type MeasuredIsolation,
  type SettingsStore,
} from '@sandport/core';
import type { LeftBehind } from '@sandport/provider-docker';
import { Command } from 'commander';
import { carriedProvider, withProvider } from '../chosen-provider.ts';
import type { CliContext } from '../cli-context.ts';
import { colorsFor } from '../colors-for.ts';
import { openChosenSettings } from '../empty-installation.ts';
import { EXIT_CODES, type ExitCodeListener } from '../exit-code.ts';
import { printableLine } from '../printable-text.ts';
import { reportWarning } from '../report-error.ts';
import { locateSettings, type SettingsLocation } from '../settings-location.ts';
import { storedEngineAccess } from '../stored-engine.ts';
import { writeJson } from '../write-json.ts';

interface DoctorOptions {
  readonly provider?: string;
  readonly json?: boolean;
  readonly clean?: boolean;
  readonly settings?: string;
}

/** What was found on the way from the settings file to a program that runs. */
interface Findings {
  readonly providerId: string | null;
  readonly isolation: MeasuredIsolation | null;
  readonly checks: readonly HealthCheck[];
  /** What `--clean` removed; `null` without it. */
  readonly removed: readonly LeftBehind[] | null;
}

/** The provider that can leave something behind. */
const CLEANABLE_PROVIDER = 'docker';

const HELP = `
Looks at the settings, their rows, and then at everything the provider needs. The exit
code is 1 when something stands in the way of running code.

With --clean it first removes from the engine what processes that have ended left behind.
It takes 20 s longer when their end cannot be seen from this machine.

Examples:
  $ sandport doctor
  $ sandport doctor --provider docker --json
  $ sandport doctor --clean`;

/** `sandport doctor` */
export function doctorCommand(context: CliContext, onExitCode: ExitCodeListener): Command {
  return new Command('doctor')
    .description('look at everything that a run needs, and say what to mend')
    .option('--provider <id>', 'look at this provider instead of the one in use')
    .option('--clean', 'first remove what processes that have ended left in the engine')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action(async (_options: unknown, command: Command) => {
      const isHealthy = await examine(context, command.optsWithGlobals<DoctorOptions>());
      onExitCode(isHealthy ? EXIT_CODES.ok : EXIT_CODES.notCompleted);
    });
}

async function examine(context: CliContext, options: DoctorOptions): Promise<boolean> {
  const location = locateSettings(context, options.settings);
  const { path } = location;
  const stored = openChosenSettings(context, location);
  const settings = options.provider === undefined ? stored : withProvider(stored, carriedProvider(context.providers, options.provider).id);
  try {
    const findings = await findAll(context, settings, location, options);
    const status = healthStatusOf(findings.checks);
    if (options.json === true) writeJson(context.stdout, { status, settingsPath: path, ...findings });
    else writeFindings(context, status, findings);
    return status !== 'unhealthy';
  } finally {
    await settings.close();
  }
}

/** Goes on as far as each step rests on a sound one before. */
async function findAll(
  context: CliContext,
  settings: SettingsStore,
  location: SettingsLocation,
  options: DoctorOptions,
): Promise<Findings> {
  const { signal } = context;
  const { path } = location;
  let removed: readonly LeftBehind[] | null = null;
  const unreadable = await failureOf('settings', signal, () => settings.read([PROVIDER_TYPE_SETTING], { signal }));
  if (unreadable !== undefined) return { providerId: null, isolation: null, checks: [unreadable], removed };
  const checks: HealthCheck[] = [settingsCheck(path), ...modeFindings(path)];
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
  if (misconfigured !== undefined) return { providerId, isolation, checks: [...checks, misconfigured], removed };
  if (options.clean === true) {
    const uncleaned = await failureOf('clean', signal, async () => {
      removed = await clean(context, location, providerId);
      checks.push({ name: 'clean', status: 'ok', message: describeRemoved(removed) });
    });
    if (uncleaned !== undefined) checks.push(uncleaned);
  }
  const unexamined = await failureOf('provider', signal, async () => {
    const report = await client.checkHealth({ signal });
    isolation = report.isolation;
    checks.push(...report.checks);
  });
  return { providerId, isolation, checks: unexamined === undefined ? checks : [...checks, unexamined], removed };
}

async function clean(context: CliContext, location: SettingsLocation, providerId: string | null): Promise<readonly LeftBehind[]> {
  if (providerId !== CLEANABLE_PROVIDER) return [];
  return context.removeLeftBehind({ ...(await storedEngineAccess(context, location)), signal: context.signal });
}

function describeRemoved(removed: readonly LeftBehind[]): string {
  if (removed.length === 0) return 'Nothing was left behind.';
  return `Removed what was left behind: ${removed.map(({ kind, name }) => `${kind} ${name}`).join(', ')}.`;
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

function settingsCheck(path: string): HealthCheck {
  const message = existsSync(path) ? `"${path}" can be read.` : `"${path}" does not exist yet: nobody has chosen a provider.`;
  return { name: 'settings', status: 'ok', message };
}

function modeFindings(path: string): HealthCheck[] {
  if (!existsSync(path)) return [];
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
