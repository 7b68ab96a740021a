import { SandboxError, type ActiveVersion, type JsonObject, type PolicyOverride } from '@sandport/core';
import { changedRows, type ConfigurationDocument } from './configuration-document.ts';
import type { ConfigurationLedger } from './configuration-ledger.ts';
import { proofsOf } from './provider-proofs.ts';
import { refuseFindings } from './refuse-findings.ts';
import type { AuditAction } from './rows/audit-rows.ts';

/** A version that is to be the one in use. */
export interface Activation {
  readonly number: number;
  readonly document: ConfigurationDocument;
  readonly actor: string;
  readonly action: AuditAction;
  /** Why the policy may be set aside. */
  readonly override: { readonly reason: string } | undefined;
  /** For the audit entry. */
  readonly summary: JsonObject;
}

/**
 * Makes a version the one in use, if its rows are right and the policy allows it.
 *
 * @throws SandboxError `CONFIG_INVALID`, `PROVIDER_UNKNOWN` or `SECRET_UNREADABLE` naming row and field; `POLICY_VIOLATED` when a provider lacks its proof and there is no override.
 */
export async function activateDocument(ledger: ConfigurationLedger, activation: Activation): Promise<ActiveVersion> {
  const { number, document, actor, action, summary } = activation;
  const before = ledger.rows;
  refuseFindings(document, new Set(changedRows(before, document)), ledger.context);
  const override = await overrideFor(ledger, activation);
  const active: ActiveVersion = override === undefined ? { number } : { number, override };
  await ledger.makeActive(active, document);
  const entry = { ...summary, ...(override === undefined ? {} : { override }), ...ledger.changesFor(before, document) };
  await ledger.addAudit({ actor, action, version: number, summary: entry });
  return active;
}

/** An override is written down only where it was needed. */
async function overrideFor(
  ledger: ConfigurationLedger,
  { number, document, actor, override }: Activation,
): Promise<PolicyOverride | undefined> {
  const problems = await findPolicyProblems(ledger, document);
  if (problems.length === 0) return undefined;
  if (override !== undefined) return { author: actor, reason: override.reason, atMs: ledger.context.nowMs };
  throw new SandboxError('POLICY_VIOLATED', `The stored policy does not allow version ${number}: ${problems.join('; ')}.`, {
    operation: 'activateVersion',
    suggestion: 'Let the provider be tried with this configuration, or set the policy aside with a recorded reason.',
    details: { row: 'sandbox.policy', problems },
  });
}

/** Why the chosen provider or one of the fallback chain may not be used; empty without a policy. */
async function findPolicyProblems(ledger: ConfigurationLedger, document: ConfigurationDocument): Promise<string[]> {
  const proofs = await proofsOf(document, (providerId) => ledger.passportFor(document, providerId), ledger.context.nowMs);
  return proofs.flatMap(({ isUsed, objection }) => (isUsed && objection !== null ? [objection] : []));
}
