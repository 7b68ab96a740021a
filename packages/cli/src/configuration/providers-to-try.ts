import { findPassportProblem, passportSchema, passportSetting, providerConfigSetting, type Setting } from '@sandport/core';
import type { ActiveConfiguration, VersionView } from '@sandport/settings';
import { storedDigest } from '../stored-digest.ts';
import type { ChangeSession } from './change-session.ts';
import { providersInUse } from './providers-in-use.ts';

type Rows = ReadonlyMap<string, Setting>;

/**
 * The providers that are to be tried before a version is used: those that it newly uses or uses with another configuration, and those whose proof its policy does not accept. One that
 * this command does not carry cannot be tried.
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
    return (
      digest !== undefined &&
      (!usedBefore.includes(id) || digest !== storedDigest(before.get(providerConfigSetting(id))) || lacksProof(next, after, id, digest))
    );
  });
}

function lacksProof({ policy }: VersionView, rows: Rows, providerId: string, digest: string): boolean {
  if (policy === null) return false;
  const text = rows.get(passportSetting(providerId))?.value;
  const passport = text === undefined ? undefined : passportSchema.safeParse(JSON.parse(text)).data;
  return findPassportProblem(policy, { providerId, configDigest: digest, passport, nowMs: Date.now() }) !== undefined;
}
