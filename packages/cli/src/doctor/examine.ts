import { createSandboxClient } from '@sandport/client';
import type { HealthCheck, MeasuredIsolation } from '@sandport/core';
import { placeOf, type SettingsLocation } from '@sandport/settings';
import { carriedProvider, withProvider } from '../chosen-provider.ts';
import type { CliContext } from '../cli-context.ts';
import { openChosenSettings, providerOfEmptyInstallation } from '../empty-installation.ts';
import { reportWarning } from '../report-error.ts';
import { openStoredSettings } from '../settings/open-stored-settings.ts';
import { reportSettings, type SettingsReport } from '../settings/settings-report.ts';
import { clean, type Removed } from './clean.ts';
import { failureCheck } from './failure-check.ts';
import { passportChecks } from './passport-checks.ts';
import { settingSources } from './setting-sources.ts';
import { settingsChecks } from './settings-checks.ts';

/** What is looked at. */
export interface ExamineOptions {
  readonly provider?: string;
  readonly clean?: boolean;
}

/** What was found on the way from the settings to a program that runs. */
export interface Findings {
  readonly providerId: string | null;
  readonly isolation: MeasuredIsolation | null;
  readonly checks: readonly HealthCheck[];
  /** What `clean` removed; `null` without it. */
  readonly removed: readonly Removed[] | null;
}

/** Told what is being looked at. */
export type ExamineListener = (text: string) => void;

/** Looks at one thing after the other, as far as each step rests on a sound one before. */
export async function examine(
  context: CliContext,
  location: SettingsLocation,
  options: ExamineOptions,
  onProgress: ExamineListener,
): Promise<Findings> {
  if (options.provider !== undefined) carriedProvider(context.providers, options.provider);
  onProgress('looking at the settings');
  const found = await examineSettings(context, location);
  if (found.some(({ status, name }) => status === 'failed' && name === 'settings')) {
    return { providerId: null, isolation: null, checks: found, removed: null };
  }
  const findings = await examineProvider(context, location, options, onProgress);
  return { ...findings, checks: [...found, ...findings.checks] };
}

async function examineSettings(context: CliContext, location: SettingsLocation): Promise<HealthCheck[]> {
  const { signal } = context;
  if (providerOfEmptyInstallation(context, location) !== undefined) {
    const message = `"${placeOf(location).shown}" does not exist yet: nobody has chosen a provider.`;
    return [{ name: 'settings', status: 'ok', message }];
  }
  let report: SettingsReport | undefined;
  const unreadable = await failureCheck('settings', signal, async () => {
    report = await reportSettings(context, location);
  });
  if (report === undefined) return unreadable === undefined ? [] : [unreadable];
  const checks = settingsChecks(location, report);
  const { active } = report;
  if (active === undefined) return checks;
  const settings = openStoredSettings(context, location);
  try {
    const unread = await failureCheck('passports', signal, async () => checks.push(...(await passportChecks(settings, active, signal))));
    return unread === undefined ? checks : [...checks, unread];
  } finally {
    await settings.close();
  }
}

async function examineProvider(
  context: CliContext,
  location: SettingsLocation,
  options: ExamineOptions,
  onProgress: ExamineListener,
): Promise<Findings> {
  const { signal } = context;
  const stored = openChosenSettings(context, location);
  const settings = options.provider === undefined ? stored : withProvider(stored, options.provider);
  const checks: HealthCheck[] = [];
  let [providerId, isolation, removed]: [string | null, MeasuredIsolation | null, readonly Removed[] | null] = [null, null, null];
  try {
    await using client = createSandboxClient({
      settings,
      providers: context.providers,
      onWarning: (warning) => reportWarning(context, warning),
    });
    const misconfigured = await failureCheck('configuration', signal, async () => {
      const info = await client.providerInfo({ signal });
      providerId = info.id;
      checks.push({ name: 'configuration', status: 'ok', message: `"${info.id}" is chosen, and its configuration is valid.` });
      checks.push(...(await settingSources(context, settings, info.id)));
    });
    if (misconfigured !== undefined) return { providerId, isolation, checks: [misconfigured], removed };
    if (options.clean === true) {
      onProgress('removing what was left behind');
      const uncleaned = await failureCheck('clean', signal, async () => {
        removed = await clean(context, { location, settings, providerId });
        checks.push({ name: 'clean', status: 'ok', message: describeRemoved(removed) });
      });
      if (uncleaned !== undefined) checks.push(uncleaned);
    }
    onProgress('looking at the provider');
    const unexamined = await failureCheck('provider', signal, async () => {
      const report = await client.checkHealth({ signal });
      isolation = report.isolation;
      checks.push(...report.checks);
    });
    return { providerId, isolation, checks: unexamined === undefined ? checks : [...checks, unexamined], removed };
  } finally {
    await settings.close();
  }
}

function describeRemoved(removed: readonly Removed[]): string {
  if (removed.length === 0) return 'Nothing was left behind.';
  return `Removed what was left behind: ${removed.map(({ kind, name }) => `${kind} ${name}`).join(', ')}.`;
}
