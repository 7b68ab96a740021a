import { SandboxError, type Passport } from '@sandport/core';
import type { ActiveConfiguration } from '@sandport/settings';
import { isQuiet as isQuietWith } from '../progress-option.ts';
import { describeFailures } from '../trial/describe-passport.ts';
import { tryConfiguration } from '../trial/try-configuration.ts';
import { writeOutcome } from '../trial/write-outcome.ts';
import type { ChangeSession } from './change-session.ts';
import { providersToTry } from './providers-to-try.ts';

/** Failures that an error names; the passport has all of them. */
const MAX_NAMED = 5;

/** What was tried before a version is used. */
export interface VersionTrial {
  readonly passports: readonly Passport[];
  /** What the history has to say of it, behind the reason; empty when there is nothing to say. */
  readonly remark: string;
}

/**
 * Tries every provider that a version would use and that is not proven yet.
 *
 * @param instead what to do once the cause of a failed trial is mended, for the advice
 * @throws SandboxError `POLICY_VIOLATED` when a trial failed and nobody has said why the version may be used all the same.
 */
export async function tryVersion(
  session: ChangeSession,
  version: number,
  seen: ActiveConfiguration,
  instead: string,
): Promise<VersionTrial> {
  const { context, settings, options } = session;
  if (options.test === false) return { passports: [], remark: 'without a trial' };
  const isQuiet = isQuietWith(options);
  const passports: Passport[] = [];
  for (const id of await providersToTry(session, version, seen)) {
    const definition = context.providers.find((provider) => provider.id === id);
    if (definition === undefined) continue;
    const passport = await tryConfiguration(context, settings, { definition, version, isQuiet });
    if (!isQuiet) writeOutcome(context, passport);
    passports.push(passport);
  }
  const failed = passports.filter(({ passed }) => !passed);
  if (failed.length === 0) return { passports, remark: '' };
  if (options.override === undefined) throw refusal(version, failed, instead);
  const names = failed.map(({ providerId }) => `"${providerId}"`).join(', ');
  return { passports, remark: `although the trial of ${names} failed: ${options.override}` };
}

function refusal(version: number, failed: readonly Passport[], instead: string): SandboxError {
  const findings = failed.map((passport) => {
    const failures = describeFailures(passport);
    const more = failures.length > MAX_NAMED ? `; and ${failures.length - MAX_NAMED} more` : '';
    return `"${passport.providerId}": ${failures.slice(0, MAX_NAMED).join('; ')}${more}`;
  });
  return new SandboxError('POLICY_VIOLATED', `Version ${version} is not used, since its trial failed. ${findings.join('. ')}`, {
    operation: 'tryVersion',
    suggestion: `${instead} \`--override "reason"\` uses it all the same.`,
    details: { version, failed: failed.map((passport) => ({ providerId: passport.providerId, failures: describeFailures(passport) })) },
  });
}

/** The reason as the history keeps it. */
export function withRemark(reason: string, remark: string): string {
  return remark === '' ? reason : `${reason} (${remark})`;
}
