import { findPassportProblem, passportSetting, POLICY_SETTING, SandboxError } from '@sandport/core';
import type { ConfigurationSnapshot } from '../configuration/configuration-snapshot.ts';
import type { StoredProvider } from '../configuration/stored-provider.ts';

/**
 * Refuses a configuration that the stored policy does not let be used. A passport grows old without any row changing, so that this is asked with each call. A version that
 * was activated over the policy's objection needs no passport.
 *
 * @param nowMs Milliseconds since the epoch.
 * @throws SandboxError `POLICY_VIOLATED` naming the row of the passport; `CONFIG_INVALID` for a broken row.
 */
export function checkPassport(snapshot: ConfigurationSnapshot, stored: StoredProvider, nowMs: number): void {
  const { policy, version } = snapshot;
  if (policy === undefined || version?.override !== undefined) return;
  const { id, digest } = stored;
  const problem = findPassportProblem(policy, { providerId: id, configDigest: digest, passport: snapshot.passport(id), nowMs });
  if (problem === undefined) return;
  throw new SandboxError('POLICY_VIOLATED', `The stored policy does not let "${id}" be used: ${problem}.`, {
    providerId: id,
    operation: 'checkPolicy',
    suggestion: `Try the stored configuration with \`sandport config test ${id}\`, or change the row "${POLICY_SETTING}".`,
    details: { row: passportSetting(id), policyRow: POLICY_SETTING, problem },
  });
}
