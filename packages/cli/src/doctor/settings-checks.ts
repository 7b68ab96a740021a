import type { HealthCheck } from '@sandport/core';
import { defaultKeyFile, settingsFile, type SettingsLocation } from '@sandport/settings';
import { clearSecretsOf, type SettingsReport } from '../settings/settings-report.ts';
import { fileModeChecks } from './file-mode-checks.ts';

/** What there is to say of the database, its tables, the master keys, and secrets in the clear. */
export function settingsChecks(location: SettingsLocation, report: SettingsReport): HealthCheck[] {
  return [
    tablesCheck(report),
    ...fileModeChecks('settings.mode', settingsFile(location), 'can hold credentials'),
    ...keyChecks(report),
    ...fileModeChecks('keys.mode', defaultKeyFile(location), 'opens every stored secret'),
    ...secretChecks(report),
    ...foreignChecks(report),
  ];
}

function tablesCheck({ location, migrations }: SettingsReport): HealthCheck {
  const name = 'settings';
  const unknown = migrations.filter(({ isKnown }) => !isKnown);
  if (unknown.length > 0) {
    const remedy = 'Update Sandport here, or undo those migrations with the newer version.';
    return { name, status: 'failed', message: `"${location}" was written by a newer version of Sandport.`, remedy };
  }
  if (migrations.every(({ isApplied }) => isApplied)) {
    return { name, status: 'ok', message: `"${location}" can be read, and its tables are those of this version.` };
  }
  return { name, status: 'failed', message: `"${location}" lacks tables of this version.`, remedy: 'Make them: sandport settings migrate' };
}

function keyChecks({ keys, active }: SettingsReport): HealthCheck[] {
  const name = 'keys';
  if (keys !== null && 'message' in keys) {
    return [{ name, status: 'failed', message: keys.message, remedy: keys.suggestion ?? 'Mend the source of the master keys.' }];
  }
  if (keys === null) {
    const isSealed = active?.providers.some(({ secrets }) => Object.values(secrets).includes('sealed')) === true;
    if (!isSealed) return [{ name, status: 'ok', message: 'No master key is configured, and no sealed secret needs one.' }];
    const remedy = 'Set SANDPORT_MASTER_KEY, SANDPORT_MASTER_KEY_FILE or SANDPORT_MASTER_KEY_COMMAND.';
    return [{ name, status: 'failed', message: 'Secrets are sealed, and no master key is configured.', remedy }];
  }
  const { source, currentId, formerIds, unusedVariables } = keys;
  const former = formerIds.length === 0 ? '' : `; former ones: ${formerIds.join(', ')}`;
  return [
    { name, status: 'ok', message: `The master key ${currentId} comes from ${source}${former}.` },
    ...unusedVariables.map((variable): HealthCheck => ({
      name: 'keys.unused',
      status: 'warning',
      message: `The variable ${variable} is set, and not looked at: ${source} comes first.`,
      remedy: `Unset one of the two.`,
    })),
  ];
}

function secretChecks({ active, keys }: SettingsReport): HealthCheck[] {
  const clear = active === undefined ? [] : clearSecretsOf(active);
  if (clear.length === 0) return [];
  const remedy = keys === null ? 'Seal them: sandport secrets create-key, then sandport secrets seal' : 'Seal them: sandport secrets seal';
  return [{ name: 'secrets', status: 'warning', message: `Secrets stand in the clear: ${clear.join(', ')}.`, remedy }];
}

function foreignChecks({ active }: SettingsReport): HealthCheck[] {
  const rows = active?.changedElsewhere ?? [];
  if (rows.length === 0 || active?.version === null) return [];
  const remedy = 'Look at them with: sandport config get';
  return [
    {
      name: 'rows',
      status: 'warning',
      message: `Another program has changed ${rows.join(', ')} since version ${active?.version}.`,
      remedy,
    },
  ];
}
