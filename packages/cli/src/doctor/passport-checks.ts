import { findPassportProblem, providerConfigSetting, type HealthCheck, type Passport } from '@sandport/core';
import { providersInUse, type ActiveConfiguration, type StoredSettings } from '@sandport/settings';
import { formatAge } from '../format-age.ts';
import { storedDigest } from '../stored-digest.ts';

/** What there is to say of the policy, and of the proof of every provider in use. */
export async function passportChecks(settings: StoredSettings, active: ActiveConfiguration, signal: AbortSignal): Promise<HealthCheck[]> {
  const used = providersInUse(active);
  const rows = await settings.read(used.map(providerConfigSetting), { signal });
  const checks = policyChecks(active);
  for (const id of used) {
    const configDigest = storedDigest(rows.get(providerConfigSetting(id)));
    if (configDigest === undefined) continue;
    const passports = await settings.configurations.passports(id, { signal });
    const passport = passports.find((each) => each.configDigest === configDigest);
    checks.push(passportCheck(active, id, passport, findProblem(active, id, configDigest, passport)));
  }
  return checks;
}

function policyChecks({ policy, override, problems }: ActiveConfiguration): HealthCheck[] {
  const name = 'policy';
  if (problems.length > 0) {
    return problems.map(({ row, message }) => ({
      name: row,
      status: 'failed',
      message,
      remedy: 'Correct the row, or roll back: sandport config history',
    }));
  }
  if (policy === null) return [];
  if (override === null) return [{ name, status: 'ok', message: 'A policy is stored, and holds for every call.' }];
  const message = `The policy is set aside for this version, by ${override.author}: ${override.reason}`;
  return [
    {
      name,
      status: 'warning',
      message,
      remedy: 'Mend what stands against it, try the providers (sandport config test), and use a version without an override.',
    },
  ];
}

function findProblem(
  { policy }: ActiveConfiguration,
  providerId: string,
  configDigest: string,
  passport: Passport | undefined,
): string | undefined {
  return policy === null ? undefined : findPassportProblem(policy, { providerId, configDigest, passport, nowMs: Date.now() });
}

function passportCheck(
  { override }: ActiveConfiguration,
  id: string,
  passport: Passport | undefined,
  problem: string | undefined,
): HealthCheck {
  const name = `passport.${id}`;
  const remedy = `Try it: sandport config test ${id}`;
  if (problem !== undefined) {
    return { name, status: override === null ? 'failed' : 'warning', message: `The policy does not allow it: ${problem}.`, remedy };
  }
  if (passport === undefined) return { name, status: 'warning', message: `"${id}" was never tried with this configuration.`, remedy };
  const age = formatAge(Date.now() - passport.madeAtMs);
  if (!passport.passed) return { name, status: 'warning', message: `"${id}" failed its trial ${age}.`, remedy };
  return {
    name,
    status: 'ok',
    message: `"${id}" passed its trial ${age}${passport.isolation === null ? '' : `, in ${passport.isolation.kind}`}.`,
  };
}
