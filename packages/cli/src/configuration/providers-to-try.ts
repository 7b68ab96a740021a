import { findPassportProblem, passportSchema, passportSetting, providerConfigSetting, type Passport, type Setting } from '@sandport/core';
import { PREPARATION_CASES } from '@sandport/preparation';
import type { ActiveConfiguration, VersionView } from '@sandport/settings';
import { storedDigest } from '../stored-digest.ts';
import type { ChangeSession } from './change-session.ts';
import { providersInUse } from './providers-in-use.ts';

/** For how long a trial need not be repeated: an operator who tries a version and then uses it waits once. */
const RECENT_MS = 15 * 60_000;

/**
 * The providers that are to be tried before a version is used: those that it newly uses or uses with another configuration, unless that passed a trial a moment ago, and those whose
 * proof its policy does not accept. One that this command does not carry cannot be tried.
 */
export async function providersToTry(
  { context, settings }: ChangeSession,
  version: number,
  seen: ActiveConfiguration,
): Promise<readonly string[]> {
  const { signal } = context;
  const next = await settings.configurations.version(version, { signal });
  const used = providersInUse(next).filter((id) => context.providers.some((provider) => provider.id === id));
  const rows = used.map(providerConfigSetting);
  const before = await settings.read(rows, { signal });
  const after = await settings.configurations.readVersion(version, [...rows, ...used.map(passportSetting)], { signal });
  const usedBefore = providersInUse(seen);
  return used.filter((id) => {
    const digest = storedDigest(after.get(providerConfigSetting(id)));
    if (digest === undefined) return false;
    const passport = passportOf(after.get(passportSetting(id)));
    const isNew = !usedBefore.includes(id) || digest !== storedDigest(before.get(providerConfigSetting(id)));
    return (isNew && !passedRecently(passport, digest)) || lacksProof(next, passport, id, digest);
  });
}

function passportOf(row: Setting | undefined): Passport | undefined {
  return row === undefined ? undefined : passportSchema.safeParse(JSON.parse(row.value)).data;
}

function passedRecently(passport: Passport | undefined, digest: string): boolean {
  if (passport?.passed !== true || passport.configDigest !== digest) return false;
  // A trial of a few chosen cases stands for those alone.
  if (!PREPARATION_CASES.every((beginning) => passport.cases.some(({ id }) => id.startsWith(beginning)))) return false;
  const ageMs = Date.now() - passport.madeAtMs;
  return ageMs >= 0 && ageMs <= RECENT_MS;
}

function lacksProof({ policy }: VersionView, passport: Passport | undefined, providerId: string, digest: string): boolean {
  if (policy === null) return false;
  return findPassportProblem(policy, { providerId, configDigest: digest, passport, nowMs: Date.now() }) !== undefined;
}
