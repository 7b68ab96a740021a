import { SandboxError } from '@sandport/core';
import type { ConfigurationLedger } from './configuration-ledger.ts';
import { ACTIVATING_ACTIONS, findAudit } from './rows/audit-rows.ts';
import { getVersion } from './rows/version-rows.ts';

/** What an author is told who looked at a version that is not in use any longer: who changed it when, and where to look. */
export async function describeConflict(ledger: ConfigurationLedger, expected: number | null, operation: string): Promise<SandboxError> {
  const active = ledger.activeVersion;
  const seen = expected === null ? 'no version' : `version ${expected}`;
  if (active === null) {
    return new SandboxError('CONFIG_CONFLICT', `The change was made for ${seen}, and no version is in use. Nothing of it was stored.`, {
      operation,
      suggestion: 'Look at the configuration in use and make the change anew.',
      details: { expected, active, author: null, atMs: null },
    });
  }
  const { author, atMs } = await originOf(ledger, active);
  return new SandboxError(
    'CONFIG_CONFLICT',
    `The change was made for ${seen}, and version ${active} of "${author}" is in use by now. Nothing of the change was stored.`,
    {
      operation,
      suggestion: `Look at what version ${active} changed (\`sandport config diff ${expected ?? 1} ${active}\`) and make the change anew.`,
      details: { expected, active, author, atMs },
    },
  );
}

async function originOf({ context: { transaction } }: ConfigurationLedger, version: number): Promise<{ author: string; atMs: number }> {
  const entry = await findAudit(transaction, version, ACTIVATING_ACTIONS);
  if (entry !== undefined) return { author: entry.actor, atMs: entry.atMs };
  const { record } = await getVersion(transaction, version);
  return { author: record.author, atMs: record.activatedAtMs ?? record.createdAtMs };
}
