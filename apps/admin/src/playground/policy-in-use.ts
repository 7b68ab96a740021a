import { POLICY_SETTING, SandboxError, type SandboxPolicy } from '@sandport/core';
import type { ActiveConfiguration } from '@sandport/settings';

/**
 * The policy that holds now; `undefined` where none is stored.
 *
 * @throws SandboxError `CONFIG_INVALID` when it cannot be read: nobody knows what it forbids.
 */
export function policyInUse({ policy, problems }: ActiveConfiguration): SandboxPolicy | undefined {
  const problem = problems.find(({ row }) => row === POLICY_SETTING);
  if (problem === undefined) return policy ?? undefined;
  throw new SandboxError('CONFIG_INVALID', problem.message, {
    operation: 'readPolicy',
    suggestion: 'Correct the policy, or update Sandport if a newer version wrote it; nothing was run.',
    details: { row: POLICY_SETTING },
  });
}
