import type { Passport } from '@sandport/core';
import { PREPARATION_CASES } from '@sandport/preparation';
import { providersInUse, type ActiveConfiguration } from '@sandport/settings';
import type { ChangeSession } from './change-session.ts';

/** For how long a trial need not be repeated: an operator who tries a version and then uses it waits once. */
const RECENT_MS = 15 * 60_000;

/**
 * The providers that are to be tried before a version is used: those that it newly uses or uses with another configuration, unless that passed a trial a moment ago, and those whose
 * proof its policy does not accept. One that this command does not carry cannot be tried.
 */
export async function providersToTry(
  { context, settings: { configurations } }: ChangeSession,
  version: number,
  seen: ActiveConfiguration,
): Promise<readonly string[]> {
  const { signal } = context;
  const carried = new Set(context.providers.map(({ id }) => id));
  const before = new Map((await configurations.proofs(null, { signal })).map((proof) => [proof.providerId, proof.configDigest]));
  const after = await configurations.proofs(version, { signal });
  const usedBefore = providersInUse(seen);
  return after
    .filter(({ providerId, configDigest, passport, isUsed, objection }) => {
      if (!isUsed || configDigest === null || !carried.has(providerId)) return false;
      const isNew = !usedBefore.includes(providerId) || configDigest !== before.get(providerId);
      return (isNew && !passedRecently(passport)) || objection !== null;
    })
    .map(({ providerId }) => providerId);
}

function passedRecently(passport: Passport | null): boolean {
  if (passport?.passed !== true) return false;
  // A trial of a few chosen cases stands for those alone.
  if (!PREPARATION_CASES.every((beginning) => passport.cases.some(({ id }) => id.startsWith(beginning)))) return false;
  const ageMs = Date.now() - passport.madeAtMs;
  return ageMs >= 0 && ageMs <= RECENT_MS;
}
